namespace Orchard.Protocol;

/// <summary>
/// An engine namespace: the folder that holds one engine's pid, lock and log files, and the folder of its sockets.
/// Client and engine compute the same paths from the same inputs, so they meet without being told where.
/// </summary>
internal sealed class EngineRoot
{
    public const string CacheRootVariable = "ORCHARD_CACHE_ROOT";
    public const string IpcRootVariable = "ORCHARD_IPC_ROOT";

    /// <summary>Set by a client that starts an engine: the file to which the engine's standard error is appended.</summary>
    public const string LogVariable = "ORCHARD_ENGINE_LOG";

    private const string FamilyFolder = "com.theproxycompany";

    private EngineRoot(string directory, string ipcDirectory)
    {
        Directory = directory;
        IpcDirectory = ipcDirectory;
    }

    /// <summary>Absolute path of the folder with the pid, lock, ready and log files.</summary>
    public string Directory { get; }

    /// <summary>Absolute path of the folder with the three sockets.</summary>
    public string IpcDirectory { get; }

    public string RequestSocket => Path.Combine(IpcDirectory, "pie_requests.ipc");

    public string ResponseSocket => Path.Combine(IpcDirectory, "pie_responses.ipc");

    public string ManagementSocket => Path.Combine(IpcDirectory, "pie_management.ipc");

    public string PidFile => Path.Combine(Directory, "engine.pid");

    public string ReadyFile => Path.Combine(Directory, "engine.ready");

    public string LogFile => Path.Combine(Directory, "engine.log");

    /// <summary>Held by whoever starts or replaces an engine, for as long as that takes. Never unlinked.</summary>
    public string LaunchLockFile => Path.Combine(Directory, "engine.lock");

    /// <summary>Held by the engine process for its whole life: at most one engine owns the sockets. Never unlinked.</summary>
    public string InstanceLockFile => Path.Combine(Directory, "engine.instance.lock");

    /// <summary>The namespace in <paramref name="directory"/>, or the user's default one when it is null or empty.</summary>
    public static EngineRoot Resolve(string? directory = null) =>
        string.IsNullOrEmpty(directory)
            ? FromEnvironment()
            : At(directory);

    /// <summary>The namespace whose files and sockets all live below <paramref name="directory"/>.</summary>
    public static EngineRoot At(string directory)
    {
        string absolute = Absolute(directory);
        return new EngineRoot(absolute, Path.Combine(absolute, "ipc"));
    }

    /// <summary>Creates both folders, readable by this user alone.</summary>
    /// <exception cref="IOException">A folder could not be created, or a file is in its place.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public void Create()
    {
        PrivateDirectory.Create(Directory);
        PrivateDirectory.Create(IpcDirectory);
    }

    private static EngineRoot FromEnvironment()
    {
        string? cache = Environment.GetEnvironmentVariable(CacheRootVariable);
        string? ipc = Environment.GetEnvironmentVariable(IpcRootVariable);
        string directory = string.IsNullOrEmpty(cache) ? Path.Combine(DefaultCacheBase(), FamilyFolder) : Absolute(cache);
        return new EngineRoot(directory, string.IsNullOrEmpty(ipc) ? Path.Combine(directory, "ipc") : Absolute(ipc));
    }

    // The family's rule on every platform, Windows excepted: ~/Library/Caches where it exists, else ~/.cache.
    private static string DefaultCacheBase()
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string library = Path.Combine(home, "Library", "Caches");
        return System.IO.Directory.Exists(library) ? library : Path.Combine(home, ".cache");
    }

    private static string Absolute(string path) => Path.TrimEndingDirectorySeparator(UserPath.GetFullPath(path));
}
