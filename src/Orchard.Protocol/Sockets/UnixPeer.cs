using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Orchard.Protocol.Sockets;

/// <summary>Identity of the peer of a unix socket, as the operating system reports it.</summary>
/// <remarks>
/// Linux and macOS report the user. On Windows only the access rights of the folder keep other users out.
/// </remarks>
internal static partial class UnixPeer
{
    private const uint Root = 0;

    // Linux: SO_PEERCRED returns struct ucred { pid_t pid; uid_t uid; gid_t gid; }.
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int CredentialBytes = 3 * sizeof(int);

    // macOS: LOCAL_PEERCRED returns struct xucred { u_int cr_version; uid_t cr_uid; short cr_ngroups; gid_t cr_groups[16]; }.
    private const int SolLocal = 0;
    private const int LocalPeerCred = 1;
    private const int LocalPeerPid = 2;
    private const int LocalCredentialBytes = 76;

    private const int SioAfUnixGetPeerPid = 0x5800_0100;

    /// <summary>The user that this process acts as; null on Windows.</summary>
    public static uint? OwnUserId => OperatingSystem.IsWindows() ? null : GetEffectiveUserId();

    /// <summary>Returns the user of a connected socket's peer; null if the operating system does not report it.</summary>
    /// <remarks>For the connecting side that is the user of the process that called listen.</remarks>
    public static uint? UserId(Socket socket)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                Span<byte> credentials = stackalloc byte[CredentialBytes];
                return socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) == CredentialBytes
                    ? BitConverter.ToUInt32(credentials[sizeof(int)..])
                    : null;
            }

            if (OperatingSystem.IsMacOS())
            {
                Span<byte> credentials = stackalloc byte[LocalCredentialBytes];
                return socket.GetRawSocketOption(SolLocal, LocalPeerCred, credentials) >= 2 * sizeof(int)
                    ? BitConverter.ToUInt32(credentials[sizeof(int)..])
                    : null;
            }
        }
        catch (SocketException)
        {
            // The peer has already disconnected.
        }

        return null;
    }

    /// <summary>Returns the process at the other end of a connected socket. For the connecting side, the one that called listen.</summary>
    public static PeerProcess Process(Socket socket)
    {
        Span<byte> value = stackalloc byte[CredentialBytes];
        value.Clear();
        try
        {
            if (OperatingSystem.IsLinux())
            {
                socket.GetRawSocketOption(SolSocket, SoPeerCred, value);
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
            else
            {
                return PeerProcess.Unreported;
            }
        }
        catch (SocketException)
        {
            // The peer has already disconnected.
        }

        int pid = BitConverter.ToInt32(value);
        return new PeerProcess(IsReported: true, pid > 0 ? pid : null);
    }

    /// <summary>Returns the id of <see cref="Process"/>; null if it is not visible or not reported.</summary>
    public static int? ProcessId(Socket socket) => Process(socket).Id;

    /// <summary>
    /// Returns whether an engine accepts a peer: the same user and root, or anyone if the operating system does not report users.
    /// </summary>
    public static bool MayConnect(uint? peer, uint? self) => peer is null || self is null || peer == self || peer == Root;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
