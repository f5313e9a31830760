using System.Diagnostics;
using System.Runtime.InteropServices;
using Orchard.Protocol.Tests.Sockets.Nng;

namespace Orchard.Benchmarks.Ipc;

/// <summary>The C library nng as its users would use it: REQ and REP, one blocking call after the other.</summary>
internal sealed class NngPingPong : IPingPong
{
    private const int Alloc = 1;

    private readonly ChildProcess _child;
    private readonly uint _socket;
    private readonly byte[] _request;

    private NngPingPong(ChildProcess child, uint socket, Sizes sizes)
    {
        _child = child;
        _socket = socket;
        _request = new byte[sizes.Request];
    }

    public static async Task<NngPingPong> StartAsync(TemporaryFolder folder, Sizes sizes)
    {
        string path = folder.File("nng");
        ChildProcess child = await ChildProcess.StartAsync("serve-nng", "--path", path, "--reply", $"{sizes.Reply}");
        Check(NngNative.OpenReq(out uint socket));
        Check(NngNative.Dial(socket, $"ipc://{path}", 0, 0));
        return new NngPingPong(child, socket, sizes);
    }

    /// <summary>The other side, in the child.</summary>
    public static async Task ServeAsync(string path, Sizes sizes)
    {
        Check(NngNative.OpenRep(out uint socket));
        Check(NngNative.Listen(socket, $"ipc://{path}", 0, 0));
        new Thread(() => Answer(socket, new byte[sizes.Reply])) { IsBackground = true }.Start();
        await ChildProcess.ServeAsync();
    }

    public Task<TimeSpan> RoundTripAsync()
    {
        long started = Stopwatch.GetTimestamp();
        Check(NngNative.Send(_socket, _request, (nuint)_request.Length, 0));
        Check(Receive(_socket));
        return Task.FromResult(Stopwatch.GetElapsedTime(started));
    }

    public ValueTask DisposeAsync()
    {
        _ = NngNative.Close(_socket);
        return _child.DisposeAsync();
    }

    private static void Answer(uint socket, byte[] reply)
    {
        while (Receive(socket) == 0 && NngNative.Send(socket, reply, (nuint)reply.Length, 0) == 0)
        {
        }
    }

    private static int Receive(uint socket)
    {
        nint data = 0;
        nuint size = 0;
        int error = NngNative.Receive(socket, ref data, ref size, Alloc);
        if (error == 0)
        {
            NngNative.Free(data, size);
        }

        return error;
    }

    private static void Check(int error) =>
        BenchmarkException.ThrowUnless(error == 0, $"nng: {Marshal.PtrToStringUTF8(NngNative.Describe(error))}.");
}
