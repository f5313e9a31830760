using System.Buffers.Binary;
using System.Text;

namespace Orchard.Engine.Tests.Native.Platforms;

/// <summary>Little-endian values in a file, by their offsets.</summary>
internal readonly struct ImageBytes(byte[] file)
{
    public byte Byte(long offset) => file[offset];

    public ushort UInt16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan((int)offset));

    public uint UInt32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)offset));

    public long Int64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan((int)offset));

    /// <summary>Text that ends with a zero.</summary>
    public string Text(long offset)
    {
        ReadOnlySpan<byte> rest = file.AsSpan((int)offset);
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
