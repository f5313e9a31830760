using Orchard.Protocol.Processes;

namespace Orchard.Protocol;

/// <summary>
/// The paths of an engine namespace: a folder with the pid, lock and log files of one engine, and a folder with its sockets. Client and
/// engine compute the same paths from the same inputs.
/// </summary>
internal sealed class EngineRoot
{
    public const string CacheRootVariable = "ORCHARD_CACHE_ROOT";
    public const string IpcRootVariable = "ORCHARD_IPC_ROOT";

    /// <summary>
    /// Environment variable set by a client that starts an engine: the file to which the engine's standard error is appended.
    /// </summary>
    public const string LogVariable = "ORCHARD_ENGINE_LOG";

    // Shared with PIE and its clients.
    private const string SharedFolder = "com.theproxycompany";

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

    /// <summary>Lock file held while a client starts or replaces an engine. Never deleted.</summary>
    public string LaunchLockFile => Path.Combine(Directory, "engine.lock");

    /// <summary>
    /// Lock file held by the engine process for its lifetime, so that at most one engine owns the sockets. Never deleted.
    /// </summary>
    public string InstanceLockFile => Path.Combine(Directory, "engine.instance.lock");

    /// <summary>Returns the namespace in <paramref name="directory"/>, or the user's default namespace if it is null or empty.</summary>
    public static EngineRoot Resolve(string? directory = null) =>
        string.IsNullOrEmpty(directory)
            ? FromEnvironment()
            : At(directory);

    /// <summary>Returns the namespace whose files and sockets are all in <paramref name="directory"/>.</summary>
    public static EngineRoot At(string directory)
    {
        string absolute = Absolute(directory);
        return new EngineRoot(absolute, Path.Combine(absolute, "ipc"));
    }

    /// <summary>Creates both folders with access for this user only.</summary>
    /// <exception cref="IOException">A folder could not be created, or a file of the same name exists.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no write access.</exception>
    public void Create()
    {
        PrivateDirectory.Create(Directory);
        PrivateDirectory.Create(IpcDirectory);
    }

    private static EngineRoot FromEnvironment()
    {
        string? cache = Environment.GetEnvironmentVariable(CacheRootVariable);
        string? ipc = Environment.GetEnvironmentVariable(IpcRootVariable);
        string directory = string.IsNullOrEmpty(cache) ? Path.Combine(DefaultCacheBase(), SharedFolder) : Absolute(cache);
        return new EngineRoot(directory, string.IsNullOrEmpty(ipc) ? Path.Combine(directory, "ipc") : Absolute(ipc));
    }

    // As PIE does it on every platform except Windows: ~/Library/Caches if it exists, otherwise ~/.cache.
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

    private static string Absolute(string path)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
        {
            path = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..];
        }

        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }
}
