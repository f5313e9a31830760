using System.Net.Sockets;

namespace Orchard.Protocol.Sockets;

/// <summary>Who is at the other end of a unix socket, where the platform tells without native code: Linux.</summary>
/// <remarks>Elsewhere the folder (0700) and the socket file (0600) alone keep other users out.</remarks>
internal static class UnixPeer
{
    private const uint Root = 0;
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>The user id of the peer of a connected socket, or our own for a listening one; null where the platform does not tell.</summary>
    /// <remarks>A listening socket carries the credentials of the process that made it listen.</remarks>
    public static uint? UserId(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        int length = socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return length == credentials.Length ? BitConverter.ToUInt32(credentials[sizeof(int)..]) : null;
    }

    /// <summary>Ourselves and root may connect; when the platform does not tell, everybody who can open the file.</summary>
    public static bool MayConnect(uint? peer, uint? self) => peer is null || self is null || peer == self || peer == Root;
}
