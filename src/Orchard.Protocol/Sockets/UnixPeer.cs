using System.Net.Sockets;

namespace Orchard.Protocol.Sockets;

/// <summary>Who is at the other end of a unix socket, as far as the platform tells without native code.</summary>
/// <remarks>Where the user is not told, that is elsewhere than on Linux, the folder (0700) and the socket file (0600) alone keep other users out.</remarks>
internal static class UnixPeer
{
    private const uint Root = 0;
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int SolLocal = 0;
    private const int LocalPeerPid = 2;
    private const int SioAfUnixGetPeerPid = 0x5800_0100;

    /// <summary>The user id of the peer of a connected socket, or our own for a listening one; null where the platform does not tell.</summary>
    /// <remarks>A listening socket carries the credentials of the process that made it listen.</remarks>
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
    /// The process that listens at the other end of a connected socket, as an id of our own process namespace; null where the platform
    /// does not tell, and for a process that is not to be seen from here, as in another container.
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

    /// <summary>Ourselves and root may connect; when the platform does not tell, everybody who can open the file.</summary>
    public static bool MayConnect(uint? peer, uint? self) => peer is null || self is null || peer == self || peer == Root;

    // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
    private static bool TryReadCredentials(Socket socket, Span<byte> credentials) =>
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) == credentials.Length;
}
