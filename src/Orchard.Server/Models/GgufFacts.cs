using System.Buffers.Binary;
using System.Text;

namespace Orchard.Server.Models;

/// <summary>What the header of a model file says, for models that are not loaded. Immutable.</summary>
internal sealed record GgufFacts
{
    private const uint Magic = 0x46554747; // "GGUF", little-endian
    private const int MaxHeader = 64 << 20;
    private const int MaxName = 1 << 16;

    /// <summary>Nothing is known.</summary>
    public static GgufFacts None { get; } = new();

    /// <summary>Architecture, such as <c>llama</c>; null if unknown.</summary>
    public string? Architecture { get; init; }

    /// <summary>Name of the model; null if unknown.</summary>
    public string? BaseName { get; init; }

    /// <summary>Context length that the model was trained with; null if unknown.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Number of dimensions of an embedding; null if unknown.</summary>
    public int? EmbeddingLength { get; init; }

    /// <summary>Pooling type by its number, 0 for none; null if unknown.</summary>
    public int? Pooling { get; init; }

    /// <summary>Reads a file. Sizes in it are not trusted.</summary>
    /// <param name="path">Path of the file.</param>
    public static GgufFacts Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using var reader = new BinaryReader(new BufferedStream(file, 1 << 16));
            return Read(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return None;
        }
    }

    private static GgufFacts Read(BinaryReader reader)
    {
        uint magic = reader.ReadUInt32();
        uint version = reader.ReadUInt32();
        _ = reader.ReadUInt64(); // tensors
        ulong count = reader.ReadUInt64();
        if (magic != Magic || version is < 2 or > 3)
        {
            return None;
        }

        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (ulong i = 0; i < count && reader.BaseStream.Position < MaxHeader; i++)
        {
            string key = ReadText(reader);
            if (ReadValue(reader, reader.ReadUInt32()) is { } value)
            {
                values[key] = value;
            }

            // The vocabulary follows, and nothing of interest after it.
            if (key.StartsWith("tokenizer.", StringComparison.Ordinal) && values.ContainsKey("general.architecture"))
            {
                break;
            }
        }

        string? architecture = values.GetValueOrDefault("general.architecture") as string;
        return new GgufFacts
        {
            Architecture = architecture,
            BaseName = (values.GetValueOrDefault("general.basename") ?? values.GetValueOrDefault("general.name")) as string,
            ContextLength = Integer(values, $"{architecture}.context_length"),
            EmbeddingLength = Integer(values, $"{architecture}.embedding_length"),
            Pooling = Integer(values, $"{architecture}.pooling_type"),
        };
    }

    private static int? Integer(Dictionary<string, object> values, string key) =>
        values.GetValueOrDefault(key) is long and >= 0 and <= int.MaxValue and long value ? (int)value : null;

    private static string ReadText(BinaryReader reader)
    {
        ulong length = reader.ReadUInt64();
        if (length > MaxName)
        {
            Skip(reader, length);
            return "";
        }

        byte[] bytes = reader.ReadBytes((int)length);
        return bytes.Length == (int)length ? Encoding.UTF8.GetString(bytes) : throw new EndOfStreamException();
    }

    // Integers and texts are of interest; the rest is skipped.
    private static object? ReadValue(BinaryReader reader, uint type)
    {
        switch (type)
        {
            case 8:
                return ReadText(reader);
            case 9:
                SkipArray(reader);
                return null;
        }

        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        int size = SizeOf(type);
        reader.BaseStream.ReadExactly(bytes[..size]);
        return type is 6 or 7 or 12 ? null : BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private static void SkipArray(BinaryReader reader)
    {
        uint type = reader.ReadUInt32();
        ulong count = reader.ReadUInt64();
        if (type is 8 or 9)
        {
            for (ulong i = 0; i < count; i++)
            {
                _ = type == 8 ? ReadText(reader) : throw new InvalidDataException("Arrays of arrays are not read.");
            }
        }
        else
        {
            Skip(reader, checked(count * (ulong)SizeOf(type)));
        }
    }

    private static void Skip(BinaryReader reader, ulong bytes)
    {
        if (bytes > MaxHeader)
        {
            throw new InvalidDataException("A value of the header is too large.");
        }

        reader.BaseStream.Seek((long)bytes, SeekOrigin.Current);
    }

    private static int SizeOf(uint type) => type switch
    {
        0 or 1 or 7 => 1,
        2 or 3 => 2,
        4 or 5 or 6 => 4,
        10 or 11 or 12 => 8,
        _ => throw new InvalidDataException($"The header has a value of the unknown type {type}."),
    };
}
