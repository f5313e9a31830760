using System.Net.Sockets;
using Orchard.Protocol;
using Orchard.Protocol.Processes;
using Orchard.Protocol.Sockets;

namespace Orchard.Connection;

/// <summary>Finds the process that holds an engine namespace, whether or not it still responds.</summary>
internal static class EngineHolder
{
    private static readonly ProcessProbe Processes = new();

    /// <summary>Returns whether a process listens on the management socket, whether or not it still responds.</summary>
    public static bool IsListening(EngineRoot root)
    {
        using Socket? probe = TryConnect(root, out bool isBusy);
        return probe is not null || isBusy;
    }

    /// <summary>
    /// Returns the id of the process that listens on the management socket, as the operating system reports it, so the process need not
    /// respond. Null when no process listens, or the platform does not report it.
    /// </summary>
    public static int? FindListener(EngineRoot root)
    {
        using Socket? probe = TryConnect(root, out _);
        return probe is null ? null : UnixPeer.ProcessId(probe);
    }

    /// <summary>Returns a sentence that names the process and how to end it; empty when no process is found.</summary>
    public static string Describe(EngineRoot root)
    {
        if (FindListener(root) is { } listener)
        {
            return $" Process {listener} holds the namespace. If it hangs, end it with '{KillCommand(listener)}' and try again.";
        }

        return PidFile.Read(root.PidFile) is { } pid && Processes.Find(pid) is not null
            ? $" '{root.PidFile}' names process {pid}, which is running. "
                + $"If it is an engine that hangs, end it with '{KillCommand(pid)}' and try again."
            : "";
    }

    private static Socket? TryConnect(EngineRoot root, out bool isBusy)
    {
        isBusy = false;
        Socket probe = UnixSocket.Create();
        try
        {
            // A blocking connect would wait for a listener with a full backlog.
            probe.Blocking = false;
            probe.Connect(new UnixDomainSocketEndPoint(root.ManagementSocket));
            return probe;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            isBusy = e is SocketException { SocketErrorCode: SocketError.WouldBlock or SocketError.TryAgain }; // its backlog is full
            probe.Dispose();
            return null;
        }
    }

    private static string KillCommand(int pid) => OperatingSystem.IsWindows() ? $"taskkill /F /PID {pid}" : $"kill -9 {pid}";
}
