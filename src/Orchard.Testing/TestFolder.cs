using System.Globalization;
using Orchard.Protocol;
using Orchard.Protocol.Processes;
using Orchard.Protocol.Sockets;

namespace Orchard.Testing;

/// <summary>
/// A folder for one engine namespace: private, with a path short enough for sockets, and named after the process it belongs to, so that
/// what a killed process left can be told from what a running one uses.
/// </summary>
internal static class TestFolder
{
    private const string Prefix = "orc-";

    private static readonly ProcessProbe Processes = new();

    private static int _count;

    /// <summary>Where the folders are: the user's folder for temporary files, or a shorter one when sockets there would not fit.</summary>
    public static string Parent { get; } = FindParent();

    /// <summary>Sweeps what dead processes left, and creates a new folder.</summary>
    public static string Create()
    {
        Sweep(Parent);
        while (true)
        {
            string path = PathOf(Parent, Environment.ProcessId, Interlocked.Increment(ref _count));
            if (!Path.Exists(path))
            {
                PrivateDirectory.Create(path);
                return path;
            }
        }
    }

    /// <summary>Deletes a folder; one that cannot be deleted is left to a later sweep.</summary>
    public static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone already, in use by an engine that is about to leave, or another user's.
        }
    }

    /// <summary>Deletes the folders of processes that are gone, unless an engine still runs in them.</summary>
    public static void Sweep(string parent)
    {
        foreach (string path in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            if (OwnerOf(path) is { } owner && !IsAlive(owner) && !(PidFile.Read(EngineRoot.At(path).PidFile) is { } engine && IsAlive(engine)))
            {
                Delete(path);
            }
        }
    }

    public static string PathOf(string parent, int processId, int number) =>
        Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{processId}-{number}"));

    private static int? OwnerOf(string path) =>
        Path.GetFileName(path)[Prefix.Length..].Split('-') is [var processId, _] && int.TryParse(processId, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
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
