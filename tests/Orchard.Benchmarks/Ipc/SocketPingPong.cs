using System.Diagnostics;
using System.Net.Sockets;

namespace Orchard.Benchmarks.Ipc;

/// <summary>The bare minimum in .NET: a unix socket, bytes of a known number there and back, nothing done with them.</summary>
internal sealed class SocketPingPong : IPingPong
{
    private readonly ChildProcess _child;
    private readonly Socket _socket;
    private readonly byte[] _request;
    private readonly byte[] _reply;

    private SocketPingPong(ChildProcess child, Socket socket, Sizes sizes)
    {
        _child = child;
        _socket = socket;
        _request = new byte[sizes.Request];
        _reply = new byte[sizes.Reply];
    }

    public static async Task<SocketPingPong> StartAsync(TemporaryFolder folder, Sizes sizes)
    {
        string path = folder.File("uds");
        ChildProcess child = await ChildProcess.StartAsync("serve-uds", "--path", path, "--request", $"{sizes.Request}", "--reply", $"{sizes.Reply}");
        Socket socket = Create();
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new SocketPingPong(child, socket, sizes);
    }

    /// <summary>The other side, in the child.</summary>
    public static async Task ServeAsync(string path, Sizes sizes)
    {
        using Socket listener = Create();
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Task serving = AnswerAsync(listener, sizes);
        await ChildProcess.ServeAsync();
    }

    public async Task<TimeSpan> RoundTripAsync()
    {
        long started = Stopwatch.GetTimestamp();
        await _socket.SendAsync(_request);
        BenchmarkException.ThrowUnless(await ReceiveAsync(_socket, _reply), "The bare socket's peer went away.");
        return Stopwatch.GetElapsedTime(started);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _child.DisposeAsync();
    }

    private static async Task AnswerAsync(Socket listener, Sizes sizes)
    {
        using Socket socket = await listener.AcceptAsync();
        byte[] request = new byte[sizes.Request];
        byte[] reply = new byte[sizes.Reply];
        while (await ReceiveAsync(socket, request))
        {
            await socket.SendAsync(reply);
        }
    }

    private static async ValueTask<bool> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int length = await socket.ReceiveAsync(buffer);
            if (length == 0)
            {
                return false;
            }

            buffer = buffer[length..];
        }

        return true;
    }

    private static Socket Create() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
