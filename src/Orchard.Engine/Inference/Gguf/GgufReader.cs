using System.Buffers.Binary;
using System.Text;

namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// Reads the primitive values of a GGUF header. The file is not trusted: each length is compared with the remaining bytes before it is
/// used.
/// </summary>
internal sealed class GgufReader(Stream stream, long length, string path)
{
    /// <summary>Headers of real models have up to tens of megabytes, mostly the vocabulary.</summary>
    private const long MaxHeaderBytes = 512L << 20;

    private readonly byte[] _buffer = new byte[8];

    public long Position { get; private set; }

    private long Remaining => length - Position;

    public byte ReadByte() => Read(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Read(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Read(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Read(8));

    /// <summary>Reads the count of elements of which each takes at least <paramref name="minimumBytes"/> in the file.</summary>
    public long ReadCount(int minimumBytes, string what)
    {
        ulong count = ReadUInt64();
        return count <= (ulong)(Remaining / minimumBytes)
            ? (long)count
            : throw Damaged($"it declares {count:N0} {what} but has only {Remaining:N0} more bytes");
    }

    /// <summary>Reads a string. Skips it and returns null if it is longer than <paramref name="maxBytes"/>.</summary>
    public string? ReadString(int maxBytes)
    {
        long count = ReadCount(1, "bytes of text");
        if (count > maxBytes)
        {
            Skip(count);
            return null;
        }

        byte[] bytes = new byte[count];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads the bytes of a string into a buffer, which grows as needed. Returns their number.</summary>
    public int ReadText(ref byte[] buffer)
    {
        int count = checked((int)ReadCount(1, "bytes of text"));
        if (count > buffer.Length)
        {
            Array.Resize(ref buffer, count);
        }

        Fill(buffer.AsSpan(0, count));
        return count;
    }

    public void SkipString() => Skip(ReadCount(1, "bytes of text"));

    public void Skip(long count)
    {
        Require(count);
        stream.Seek(count, SeekOrigin.Current);
    }

    public ModelFileException Damaged(string problem) =>
        new(
            path,
            $"The model file '{path}' ({length:N0} bytes) is damaged or truncated: {problem}, at byte {Position:N0}. "
            + "Download or copy it again.");

    private ReadOnlySpan<byte> Read(int count)
    {
        Span<byte> bytes = _buffer.AsSpan(0, count);
        Fill(bytes);
        return bytes;
    }

    private void Fill(Span<byte> bytes)
    {
        Require(bytes.Length);
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Damaged("it was truncated while it was being read");
        }
    }

    private void Require(long count)
    {
        if (count > Remaining)
        {
            throw Damaged("it ends within its header");
        }

        if (count > MaxHeaderBytes - Position)
        {
            throw Damaged($"its header is longer than {MaxHeaderBytes:N0} bytes");
        }

        Position += count;
    }
}
