using System.Runtime.InteropServices;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets.Nng;

/// <summary>A socket of the native nng library. Blocking calls time out after 20 s.</summary>
internal sealed class NngSocket : IDisposable
{
    private const int Alloc = 1;
    private const int TimeoutMs = 20_000;

    private readonly uint _id;

    public NngSocket(SpProtocol protocol)
    {
        Check(
            protocol switch
            {
                SpProtocol.Push => NngNative.OpenPush(out _id),
                SpProtocol.Pull => NngNative.OpenPull(out _id),
                SpProtocol.Pub => NngNative.OpenPub(out _id),
                SpProtocol.Sub => NngNative.OpenSub(out _id),
                SpProtocol.Req => NngNative.OpenReq(out _id),
                _ => NngNative.OpenRep(out _id),
            },
            "open");
        Check(NngNative.SetMilliseconds(_id, "send-timeout", TimeoutMs), "send-timeout");
        Check(NngNative.SetMilliseconds(_id, "recv-timeout", TimeoutMs), "recv-timeout");
        Check(NngNative.SetSize(_id, "recv-size-max", 0), "recv-size-max");
        if (protocol is SpProtocol.Pub)
        {
            Check(NngNative.SetInt(_id, "send-buffer", 8192), "send-buffer");
        }

        if (protocol is SpProtocol.Sub)
        {
            Check(NngNative.SetInt(_id, "recv-buffer", 8192), "recv-buffer");
            Check(NngNative.Set(_id, "sub:subscribe", default, 0), "sub:subscribe");
        }
    }

    /// <summary>Skips the test if nng is not installed, or fails it if nng is required.</summary>
    public static void RequireInstalled()
    {
        if (Environment.GetEnvironmentVariable("ORCHARD_REQUIRE_NNG") == "1")
        {
            Assert.True(NngNative.IsInstalled, "ORCHARD_REQUIRE_NNG=1, but the nng library (libnng1) is not installed.");
        }

        Assert.SkipUnless(NngNative.IsInstalled, "The nng library (Debian package libnng1) is not installed.");
    }

    public void Listen(string path) => Check(NngNative.Listen(_id, $"ipc://{path}", 0, 0), "listen");

    /// <summary>Returns after both headers were exchanged.</summary>
    public Task DialAsync(string path) => Task.Run(() => Check(NngNative.Dial(_id, $"ipc://{path}", 0, 0), "dial"));

    public Task SendAsync(byte[] message) => Task.Run(() => Check(NngNative.Send(_id, message, (nuint)message.Length, 0), "send"));

    public Task<byte[]> ReceiveAsync() => Task.Run(() =>
    {
        nint data = 0;
        nuint size = 0;
        Check(NngNative.Receive(_id, ref data, ref size, Alloc), "recv");
        byte[] message = new byte[size];
        if (size > 0)
        {
            Marshal.Copy(data, message, 0, message.Length);
        }

        NngNative.Free(data, size);
        return message;
    });

    public void Dispose() => _ = NngNative.Close(_id);

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new IOException($"nng {what}: {Marshal.PtrToStringUTF8(NngNative.Describe(error))}.");
        }
    }
}
