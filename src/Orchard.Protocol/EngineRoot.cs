namespace Orchard.Protocol;

/// <summary>
/// The paths of an engine namespace: a folder with the pid, lock and log files of one engine, and a folder with its sockets. Client and
/// engine compute the same paths from the same inputs.
/// </summary>
internal sealed class EngineRoot
{
    public const string CacheRootVariable = "ORCHARD_CACHE_ROOT";
    public const string IpcRootVariable = "ORCHARD_IPC_ROOT";

    /// <summary>Environment variable: <c>1</c> for a namespace with the names that PIE-compatible clients and engines use.</summary>
    public const string PieCompatibleVariable = "ORCHARD_PIE_COMPATIBLE";

    /// <summary>Environment variable: the log file of the engines that clients start. They set it for the engine.</summary>
    public const string LogVariable = "ORCHARD_ENGINE_LOG";

    private const string OwnFolder = "orchard";
    private const string PieFolder = "com.theproxycompany";
    private const string PiePrefix = "pie_";

    private readonly string _prefix;

    private EngineRoot(string directory, string ipcDirectory, bool isPieCompatible, string? logFile = null)
    {
        Directory = directory;
        LogFile = logFile ?? Path.Combine(directory, "engine.log");
        IpcDirectory = ipcDirectory;
        IsPieCompatible = isPieCompatible;
        _prefix = isPieCompatible ? PiePrefix : "";
    }

    /// <summary>Absolute path of the folder with the pid, lock, ready and log files.</summary>
    public string Directory { get; }

    /// <summary>Absolute path of the folder with the three sockets.</summary>
    public string IpcDirectory { get; }

    /// <summary>Whether the names are those that PIE-compatible clients and engines use.</summary>
    public bool IsPieCompatible { get; }

    public string RequestSocket => Path.Combine(IpcDirectory, _prefix + "requests.ipc");

    public string ResponseSocket => Path.Combine(IpcDirectory, _prefix + "responses.ipc");

    public string ManagementSocket => Path.Combine(IpcDirectory, _prefix + "management.ipc");

    public string PidFile => Path.Combine(Directory, "engine.pid");

    public string ReadyFile => Path.Combine(Directory, "engine.ready");

    /// <summary>The log that the engine writes if a client has started it.</summary>
    public string LogFile { get; }

    /// <summary>Where results of trials of models are kept.</summary>
    public string TrialFolder => Path.Combine(Directory, "trials");

    /// <summary>Where it is kept which GPU drivers work.</summary>
    public string DeviceFolder => Path.Combine(Directory, "devices");

    /// <summary>Where prompts and answers are kept in the form that models compute of them.</summary>
    public string PrefixFolder => Path.Combine(Directory, "prefixes");

    /// <summary>Lock file held while a client starts or replaces an engine. Never deleted.</summary>
    public string LaunchLockFile => Path.Combine(Directory, "engine.lock");

    /// <summary>
    /// Lock file held by the engine process for its lifetime, so that at most one engine owns the sockets. Never deleted.
    /// </summary>
    public string InstanceLockFile => Path.Combine(Directory, "engine.instance.lock");

    /// <summary>Returns the namespace in <paramref name="directory"/>, or the user's default namespace if it is null or empty.</summary>
    /// <param name="directory">The folder; a leading <c>~</c> is the home directory.</param>
    /// <param name="isPieCompatible">Whether to use PIE's names; null for the environment variable.</param>
    /// <exception cref="NoHomeDirectoryException">The namespace is below the home directory, and the user has none.</exception>
    /// <exception cref="InvalidSettingException">An environment variable has a value that is not allowed.</exception>
    public static EngineRoot Resolve(string? directory = null, bool? isPieCompatible = null)
    {
        bool pie = isPieCompatible ?? Setting.OfVariable(PieCompatibleVariable).Flag() ?? false;
        string? log = Setting.OfVariable(LogVariable).AbsolutePath();
        if (!string.IsNullOrEmpty(directory))
        {
            string absolute = Absolute(directory);
            return new EngineRoot(absolute, IpcIn(absolute), pie, log);
        }

        string cache = Setting.OfVariable(CacheRootVariable).AbsolutePath() is { } given
            ? Path.TrimEndingDirectorySeparator(given)
            : Path.Combine(DefaultCacheBase(), pie ? PieFolder : OwnFolder);
        string ipc = Setting.OfVariable(IpcRootVariable).AbsolutePath() is { } givenIpc
            ? Path.TrimEndingDirectorySeparator(givenIpc)
            : IpcIn(cache);
        return new EngineRoot(cache, ipc, pie, log);
    }

    /// <summary>Returns the namespace whose files and sockets are all in <paramref name="directory"/>.</summary>
    /// <exception cref="NoHomeDirectoryException">The path begins with <c>~</c>, and the user has no home directory.</exception>
    public static EngineRoot At(string directory, bool isPieCompatible = false)
    {
        string absolute = Absolute(directory);
        return new EngineRoot(absolute, IpcIn(absolute), isPieCompatible);
    }

    /// <summary>Creates the folders that are missing, with access for this user only, and checks everything that exists.</summary>
    /// <exception cref="UntrustedPathException">A folder or a socket belongs to another user, or others can replace it.</exception>
    /// <exception cref="IOException">A folder could not be created, or a file of the same name exists.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no write access.</exception>
    public void Create()
    {
        TrustedPath.CreateDirectory(Directory);
        TrustedPath.CreateDirectory(IpcDirectory);
        CheckSockets();
    }

    /// <summary>Checks the folders and sockets that exist.</summary>
    /// <exception cref="UntrustedPathException">A folder or a socket belongs to another user, or others can replace it.</exception>
    public void Check()
    {
        TrustedPath.CheckDirectory(Directory);
        TrustedPath.CheckDirectory(IpcDirectory);
        CheckSockets();
    }

    private void CheckSockets()
    {
        TrustedPath.CheckSocket(RequestSocket);
        TrustedPath.CheckSocket(ResponseSocket);
        TrustedPath.CheckSocket(ManagementSocket);
    }

    // Below the home directory as PIE does it on every platform except Windows: ~/Library/Caches if it exists, otherwise ~/.cache.
    private static string DefaultCacheBase()
    {
        if (OperatingSystem.IsWindows())
        {
            string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            return Path.IsPathFullyQualified(local) ? local : throw NoDefault("a folder for local application data");
        }

        if (UserPath.Home is { } home)
        {
            string library = Path.Combine(home, "Library", "Caches");
            return System.IO.Directory.Exists(library) ? library : Path.Combine(home, ".cache");
        }

        return FolderIn("XDG_CACHE_HOME") ?? FolderIn("XDG_RUNTIME_DIR")
            ?? throw NoDefault("a home directory, and neither XDG_CACHE_HOME nor XDG_RUNTIME_DIR is an absolute path");
    }

    private static NoHomeDirectoryException NoDefault(string missing) =>
        new($"There is no default folder for the engine: this user does not have {missing}. Set {CacheRootVariable} to a folder.");

    private static string? FolderIn(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } path && Path.IsPathFullyQualified(path) ? path : null;

    private static string IpcIn(string directory) => Path.Combine(directory, "ipc");

    private static string Absolute(string path) => Path.TrimEndingDirectorySeparator(UserPath.GetFullPath(path));
}
