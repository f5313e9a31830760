using System.Text;

namespace Orchard.TestModels;

/// <summary>Splits a GGUF file into two parts, as llama.cpp's <c>gguf-split</c> does.</summary>
public static class GgufSplit
{
    private const int Alignment = 32;
    private const int SplitKeys = 3;

    public static (byte[] First, byte[] Second) InTwo(byte[] file)
    {
        using var reader = new BinaryReader(new MemoryStream(file));
        reader.ReadUInt64(); // magic and version
        int tensorCount = (int)reader.ReadUInt64();
        ulong keyCount = reader.ReadUInt64();
        long keysStart = reader.BaseStream.Position;
        for (ulong i = 0; i < keyCount; i++)
        {
            ReadText(reader);
            SkipValue(reader, reader.ReadUInt32());
        }

        byte[] keys = file[(int)keysStart..(int)reader.BaseStream.Position];
        (byte[] Start, long Offset)[] tensors = [.. Enumerable.Range(0, tensorCount).Select(_ => ReadTensor(reader))];
        byte[] data = file[(int)((reader.BaseStream.Position + Alignment - 1) / Alignment * Alignment)..];
        int half = tensorCount / 2;
        int cut = (int)tensors[half].Offset;
        return (
            Write(keys, keyCount, 0, tensorCount, tensors[..half], 0, data[..cut]),
            Write([], 0, 1, tensorCount, tensors[half..], cut, data[cut..]));
    }

    private static byte[] Write(
        byte[] keys, ulong keyCount, ushort part, int allTensors, (byte[] Start, long Offset)[] tensors, long firstOffset, byte[] data)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Length);
        writer.Write(keyCount + SplitKeys);
        writer.Write(keys);
        WriteKey(writer, "split.no", 2u);
        writer.Write(part);
        WriteKey(writer, "split.count", 2u);
        writer.Write((ushort)2);
        WriteKey(writer, "split.tensors.count", 5u);
        writer.Write(allTensors);
        foreach ((byte[] start, long offset) in tensors)
        {
            writer.Write(start);
            writer.Write(offset - firstOffset);
        }

        writer.Write(new byte[(int)(-stream.Position & (Alignment - 1))]);
        writer.Write(data);
        return stream.ToArray();
    }

    private static void WriteKey(BinaryWriter writer, string key, uint type)
    {
        writer.Write((ulong)key.Length);
        writer.Write(Encoding.ASCII.GetBytes(key));
        writer.Write(type);
    }

    private static (byte[] Start, long Offset) ReadTensor(BinaryReader reader)
    {
        long start = reader.BaseStream.Position;
        ReadText(reader);
        uint dimensions = reader.ReadUInt32();
        reader.BaseStream.Seek(8 * dimensions + 4, SeekOrigin.Current);
        int length = (int)(reader.BaseStream.Position - start);
        reader.BaseStream.Position = start;
        return (reader.ReadBytes(length), reader.ReadInt64());
    }

    private static void ReadText(BinaryReader reader) => reader.BaseStream.Seek((long)reader.ReadUInt64(), SeekOrigin.Current);

    private static void SkipValue(BinaryReader reader, uint type)
    {
        switch (type)
        {
            case 8:
                ReadText(reader);
                break;
            case 9:
                uint element = reader.ReadUInt32();
                for (ulong count = reader.ReadUInt64(); count > 0; count--)
                {
                    SkipValue(reader, element);
                }

                break;
            default:
                int size = type switch { 0 or 1 or 7 => 1, 2 or 3 => 2, 4 or 5 or 6 => 4, _ => 8 };
                reader.BaseStream.Seek(size, SeekOrigin.Current);
                break;
        }
    }
}
