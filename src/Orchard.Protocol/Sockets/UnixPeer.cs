using System.Net.Sockets;

namespace Orchard.Protocol.Sockets;

/// <summary>Identity of the peer of a unix socket, as far as the platform exposes it without native code.</summary>
/// <remarks>
/// Only Linux exposes the user. Elsewhere only the modes of the folder (0700) and the socket file (0600) keep other users out.
/// </remarks>
internal static class UnixPeer
{
    private const uint Root = 0;
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int SolLocal = 0;
    private const int LocalPeerPid = 2;
    private const int SioAfUnixGetPeerPid = 0x5800_0100;

    /// <summary>
    /// Returns the user id of a connected socket's peer, or this process's user id for a listening socket; null if the platform does not
    /// expose it.
    /// </summary>
    /// <remarks>A listening socket has the credentials of the process that called listen.</remarks>
    public static uint? UserId(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        return TryReadCredentials(socket, credentials) ? BitConverter.ToUInt32(credentials[sizeof(int)..]) : null;
    }

    /// <summary>
    /// Returns the id of the process that listens at the other end of a connected socket, in this process's pid namespace; null if the
    /// platform does not expose it, or if the process is not visible, for instance in another container.
    /// </summary>
    public static int? ProcessId(Socket socket)
    {
        Span<byte> value = stackalloc byte[3 * sizeof(int)];
        value.Clear();
        try
        {
            if (OperatingSystem.IsLinux())
            {
                TryReadCredentials(socket, value);
            }
            else if (OperatingSystem.IsMacOS())
            {
                socket.GetRawSocketOption(SolLocal, LocalPeerPid, value[..sizeof(int)]);
            }
            else if (OperatingSystem.IsWindows())
            {
                byte[] output = new byte[sizeof(int)];
                socket.IOControl(SioAfUnixGetPeerPid, null, output);
                output.CopyTo(value);
            }
        }
        catch (SocketException)
        {
            return null;
        }

        int pid = BitConverter.ToInt32(value);
        return pid > 0 ? pid : null;
    }

    /// <summary>Returns whether a peer may connect: the same user and root, or anyone if the platform does not expose users.</summary>
    public static bool MayConnect(uint? peer, uint? self) => peer is null || self is null || peer == self || peer == Root;

    // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
    private static bool TryReadCredentials(Socket socket, Span<byte> credentials) =>
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) == credentials.Length;
}
