using System.Globalization;
using System.Text;

namespace Orchard.Remote.Tests;

/// <summary>What a scripted server does with a request: steps in order.</summary>
internal sealed class WireReply
{
    private readonly List<Func<Stream, Task>> _steps = [];

    /// <summary>Whether the connection is kept for the next request.</summary>
    public bool KeepsConnection { get; private set; }

    /// <summary>Whether the connection ends with a reset.</summary>
    public bool Resets { get; private set; }

    /// <summary>Returns a response with a length.</summary>
    public static WireReply Json(string body, int status = 200, string headers = "")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        WireReply reply = new WireReply().Send(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length}\r\n{headers}\r\n"));
        reply._steps.Add(stream => stream.WriteAsync(bytes).AsTask());
        reply.KeepsConnection = true;
        return reply;
    }

    /// <summary>Returns the beginning of a stream that ends with the connection.</summary>
    public static WireReply Stream(string headers = "") =>
        new WireReply().Send($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n{headers}\r\n");

    /// <summary>Returns a complete stream of events in chunked encoding.</summary>
    public static WireReply Chunked(string events, string headers = "")
    {
        string size = Encoding.UTF8.GetByteCount(events).ToString("x", CultureInfo.InvariantCulture);
        WireReply reply = new WireReply().Send(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n{headers}\r\n{size}\r\n{events}\r\n0\r\n\r\n");
        reply.KeepsConnection = true;
        return reply;
    }

    /// <summary>Sends text.</summary>
    public WireReply Send(string text)
    {
        _steps.Add(async stream =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
            await stream.FlushAsync();
        });
        return this;
    }

    /// <summary>Sends each byte by itself.</summary>
    public WireReply Trickle(string text)
    {
        _steps.Add(async stream =>
        {
            foreach (byte one in Encoding.UTF8.GetBytes(text))
            {
                await stream.WriteAsync(new[] { one });
                await Task.Yield();
            }
        });
        return this;
    }

    /// <summary>Waits for a task of the test.</summary>
    public WireReply Await(Task task)
    {
        _steps.Add(_ => task);
        return this;
    }

    /// <summary>Sends nothing more, until the client leaves.</summary>
    public WireReply Hang() => Await(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously).Task);

    /// <summary>Ends the connection with a reset.</summary>
    public WireReply Reset()
    {
        Resets = true;
        KeepsConnection = false;
        return this;
    }

    /// <summary>Runs the steps.</summary>
    public async Task RunAsync(Stream stream, Task closed)
    {
        foreach (Func<Stream, Task> step in _steps)
        {
            Task running = step(stream);
            await Task.WhenAny(running, closed);
            if (!running.IsCompleted)
            {
                return;
            }

            await running;
        }
    }
}
