using System.Buffers.Binary;

namespace Orchard.Engine.Inference.Media.Files;

/// <summary>Reads numbers of a file at any place. Beyond the end of the file there are zeros.</summary>
internal readonly ref struct FileReader(ReadOnlySpan<byte> file)
{
    private readonly ReadOnlySpan<byte> _file = file;

    public long Length => _file.Length;

    /// <summary>The content.</summary>
    public ReadOnlySpan<byte> Bytes => _file;

    public byte ByteAt(long offset) => offset >= 0 && offset < _file.Length ? _file[(int)offset] : (byte)0;

    public int Little16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Take(offset, stackalloc byte[2]));

    public int Big16(long offset) => BinaryPrimitives.ReadUInt16BigEndian(Take(offset, stackalloc byte[2]));

    public long Little32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Take(offset, stackalloc byte[4]));

    public long Big32(long offset) => BinaryPrimitives.ReadUInt32BigEndian(Take(offset, stackalloc byte[4]));

    /// <summary>Whether there are certain bytes at a place.</summary>
    public bool Has(long offset, ReadOnlySpan<byte> bytes) =>
        offset >= 0 && offset + bytes.Length <= _file.Length && _file.Slice((int)offset, bytes.Length).SequenceEqual(bytes);

    private Span<byte> Take(long offset, Span<byte> destination)
    {
        destination.Clear();
        if (offset >= 0 && offset < _file.Length)
        {
            ReadOnlySpan<byte> rest = _file[(int)offset..];
            rest[..Math.Min(rest.Length, destination.Length)].CopyTo(destination);
        }

        return destination;
    }
}
