using System.Net.Sockets;
using System.Runtime.InteropServices;
using Orchard.Protocol;
using Orchard.Protocol.Sockets;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Connection;

/// <summary>A process of another user listens where the engine should be.</summary>
public sealed partial class ForeignUserTests : IDisposable
{
    private const uint Nobody = 65534;

    private readonly string _folder = TestFolder.Create();

    public static bool CanBecomeAnotherUser =>
        OperatingSystem.IsLinux() && UnixPeer.OwnUserId == 0 && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public void Dispose() => TestFolder.Delete(_folder);

    [Fact(Skip = "needs root, to listen as another user", SkipUnless = nameof(CanBecomeAnotherUser))]
    public async Task Connect_AnotherUserListens_IsRefusedBeforeAnythingIsSent()
    {
        EngineRoot root = EngineRoot.At(_folder);
        root.Create();
        using Socket listening = UnixSocket.Create();
        listening.Bind(new UnixDomainSocketEndPoint(root.ManagementSocket));
        ListenAs(Nobody, listening);

        var options = new ClientOptions { EngineRoot = _folder, StartEngine = false };
        var error = await Assert.ThrowsAsync<EngineNotTrustedException>(() => Client.ConnectAsync(options).OrBroken("the refusal"));

        Assert.Contains($"user {Nobody}", error.Message, StringComparison.Ordinal);
        using Socket accepted = await listening.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            0,
            await accepted.ReceiveAsync(new byte[16], SocketFlags.None, TestContext.Current.CancellationToken).AsTask().OrBroken("the end"));
    }

    // The kernel keeps the user of the thread that calls listen, and threads can have users of their own.
    private static void ListenAs(uint user, Socket socket)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                nint setResUid = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 117 : 147;
                Assert.Equal(0, SystemCall(setResUid, -1, (nint)user, -1));
                socket.Listen();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);
}
