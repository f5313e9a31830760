using System.Globalization;
using Orchard.Protocol;
using Orchard.Protocol.Processes;
using Orchard.Protocol.Sockets;

namespace Orchard.Testing;

/// <summary>
/// A directory for one engine namespace: private to the user, with a path short enough for sockets, and named after the owning process, so
/// that directories left behind by killed processes can be recognized and deleted.
/// </summary>
internal static class TestFolder
{
    private const string Prefix = "orc-";

    private static readonly ProcessProbe Processes = new();

    private static int _count;

    /// <summary>Parent of the directories: that for temporary files, or a shorter one if socket paths would be too long there.</summary>
    public static string Parent { get; } = FindParent();

    /// <summary>Creates a directory, after deleting those left behind by processes that have exited.</summary>
    public static string Create()
    {
        Sweep(Parent);
        while (true)
        {
            string path = PathOf(Parent, Environment.ProcessId, Interlocked.Increment(ref _count));
            if (!Path.Exists(path))
            {
                TrustedPath.CreateDirectory(path);
                return path;
            }
        }
    }

    /// <summary>Deletes a directory. One that cannot be deleted is left to a later sweep.</summary>
    public static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Already deleted, still in use by an engine that is about to exit, or owned by another user.
        }
    }

    /// <summary>Deletes the directories of processes that have exited, unless an engine is still running there.</summary>
    public static void Sweep(string parent)
    {
        foreach (string path in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            bool hasEngine = PidFile.Read(EngineRoot.At(path).PidFile) is { } engine && IsAlive(engine);
            if (OwnerOf(path) is { } owner && !IsAlive(owner) && !hasEngine)
            {
                Delete(path);
            }
        }
    }

    public static string PathOf(string parent, int processId, int number) =>
        Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{processId}-{number}"));

    private static int? OwnerOf(string path) =>
        Path.GetFileName(path)[Prefix.Length..].Split('-') is [var processId, _]
            && int.TryParse(processId, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : null;

    private static bool IsAlive(int processId) => Processes.Find(processId) is not null;

    private static string FindParent()
    {
        string parent = Path.TrimEndingDirectorySeparator(Path.GetTempPath());
        string socket = EngineRoot.At(PathOf(parent, int.MaxValue, 1000)).ManagementSocket;
        return System.Text.Encoding.UTF8.GetByteCount(socket) <= UnixSocket.MaxPathBytes || OperatingSystem.IsWindows() ? parent : "/tmp";
    }
}
