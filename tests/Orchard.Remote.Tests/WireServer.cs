using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchard.Remote.Tests;

/// <summary>
/// A server on a free port that does what a test says with each request, byte for byte. Each connection is answered on its own.
/// </summary>
internal sealed class WireServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<WireRequest, WireReply> _answer;
    private readonly ConcurrentDictionary<Socket, Task> _connections = [];
    private readonly Task _accepting;

    /// <param name="answer">Returns the reply to a request.</param>
    public WireServer(Func<WireRequest, WireReply> answer)
    {
        _answer = answer;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(256);
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>The server's address.</summary>
    public Uri Address { get; }

    /// <summary>The requests so far.</summary>
    public ConcurrentQueue<WireRequest> Requests { get; } = [];

    /// <summary>The requests for answers.</summary>
    public WireRequest[] Chats => [.. Requests.Where(static request => request.Path.EndsWith("/chat/completions", StringComparison.Ordinal))];

    /// <summary>Number of connections so far.</summary>
    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (Socket socket in _connections.Keys)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_connections.Values);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                Connections++;
                socket.NoDelay = true;
                _connections[socket] = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The server is disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            using var stream = new NetworkStream(socket);
            var received = new List<byte>();
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            while (await ReadAsync(stream, received, closed.Task) is { } request)
            {
                Requests.Enqueue(request);
                WireReply reply = _answer(request);
                using var watching = new CancellationTokenSource();
                Task watch = WatchAsync(stream, received, closed, watching.Token);
                await reply.RunAsync(stream, closed.Task);
                if (reply.Resets)
                {
                    socket.LingerState = new LingerOption(true, 0);
                    break;
                }

                if (!reply.KeepsConnection)
                {
                    socket.Shutdown(SocketShutdown.Send);
                    await watch; // until the client closes its side, too
                    break;
                }

                await watching.CancelAsync();
                await watch;
                if (closed.Task.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The client has left.
        }
        finally
        {
            socket.Dispose();
        }
    }

    // Notices that the client closes the connection while it is being answered.
    private static async Task WatchAsync(Stream stream, List<byte> received, TaskCompletionSource closed, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                received.AddRange(buffer[..count]);
            }

            closed.TrySetResult();
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            closed.TrySetResult();
        }
    }

    private static async Task<WireRequest?> ReadAsync(Stream stream, List<byte> received, Task closed)
    {
        int end;
        while ((end = FindEnd(received)) < 0)
        {
            if (!await FillAsync(stream, received))
            {
                return null;
            }
        }

        string[] lines = Encoding.ASCII.GetString([.. received.Take(end)]).Split("\r\n");
        string[] first = lines[0].Split(' ');
        Dictionary<string, string> headers = lines.Skip(1)
            .Select(static line => line.Split(": ", 2))
            .ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.OrdinalIgnoreCase);
        int length = headers.TryGetValue("Content-Length", out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        while (received.Count < end + 4 + length)
        {
            if (!await FillAsync(stream, received))
            {
                return null;
            }
        }

        string body = Encoding.UTF8.GetString([.. received.Skip(end + 4).Take(length)]);
        received.RemoveRange(0, end + 4 + length);
        return new WireRequest(first[0], first[1], headers, body) { Closed = closed };
    }

    private static async Task<bool> FillAsync(Stream stream, List<byte> received)
    {
        byte[] buffer = new byte[4096];
        int count = await stream.ReadAsync(buffer);
        received.AddRange(buffer[..count]);
        return count > 0;
    }

    private static int FindEnd(List<byte> bytes)
    {
        for (int i = 0; i + 3 < bytes.Count; i++)
        {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n')
            {
                return i;
            }
        }

        return -1;
    }
}
