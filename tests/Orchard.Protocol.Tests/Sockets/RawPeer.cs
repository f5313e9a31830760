using System.Buffers;
using System.Text;
using Nerdbank.Streams;
using Orchard.Protocol.Sockets;

namespace Orchard.Protocol.Tests.Sockets;

/// <summary>The peer's end of an in-memory connection, which the test controls byte by byte.</summary>
internal sealed class RawPeer : IDisposable
{
    public RawPeer()
    {
        (Ours, Theirs) = FullDuplexStream.CreatePair();
    }

    /// <summary>The end of the socket under test.</summary>
    public Stream Ours { get; }

    /// <summary>The end that the test controls.</summary>
    public Stream Theirs { get; }

    public static byte[] Frame(params byte[] message)
    {
        byte[] frame = new byte[SpFrame.HeaderLength + message.Length];
        SpFrame.WriteHeader(frame, message.Length);
        message.CopyTo(frame, SpFrame.HeaderLength);
        return frame;
    }

    public static byte[] Frame(string message) => Frame(Encoding.UTF8.GetBytes(message));

    public static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    public static string Text(ReadOnlySequence<byte> bytes) => Encoding.UTF8.GetString(bytes);

    public async Task WriteAsync(params byte[] bytes)
    {
        await Theirs.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask().Within("the peer's write");
        await Theirs.FlushAsync(TestContext.Current.CancellationToken).Within("the peer's flush");
    }

    public async Task WriteSplitAsync(byte[] bytes, int at)
    {
        await WriteAsync(bytes[..at]);
        await WriteAsync(bytes[at..]);
    }

    public async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        await Theirs.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).Within($"{count} bytes from the socket");
        return bytes;
    }

    public async Task<byte[]> ReadToEndAsync()
    {
        var all = new MemoryStream();
        await Theirs.CopyToAsync(all, TestContext.Current.CancellationToken).Within("the end of the socket's stream");
        return all.ToArray();
    }

    public async Task<string> ReadMessageAsync()
    {
        byte[] header = await ReadAsync(SpFrame.HeaderLength);
        return Encoding.UTF8.GetString(await ReadAsync(header[^1] | (header[^2] << 8) | (header[^3] << 16)));
    }

    /// <summary>Sends a header and reads the socket's.</summary>
    public async Task NegotiateAsync(SpProtocol protocol)
    {
        await WriteAsync(SpHeader.Encode(protocol));
        Assert.Equal(SpHeader.Encode(SpHeader.PeerOf(protocol)), await ReadAsync(SpHeader.Length));
    }

    public void Close() => Theirs.Dispose();

    public void Dispose()
    {
        Theirs.Dispose();
        Ours.Dispose();
    }
}
