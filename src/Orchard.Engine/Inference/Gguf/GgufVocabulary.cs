using System.Globalization;

namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// What the engine has to know about the tokens of a file before the library loads them. The library ends the process for a vocabulary with
/// two equal tokens. Without a token for every byte, it cannot read every text.
/// </summary>
internal sealed class GgufVocabulary
{
    private const int MaxByteText = 6; // "<0x0A>"

    // FNV-1a with 64 bits: two different tokens of a vocabulary have the same hash once in a hundred million vocabularies.
    private const ulong HashOffset = 14_695_981_039_346_656_037;
    private const ulong HashPrime = 1_099_511_628_211;

    private readonly bool[] _bytes = new bool[256];
    private readonly bool[] _escapedBytes = new bool[256];

    private GgufVocabulary(int size) => Size = size;

    /// <summary>Number of tokens.</summary>
    public int Size { get; }

    /// <summary>Ids of two equal tokens; null if there are none.</summary>
    public (int First, int Second)? Duplicates { get; private set; }

    /// <summary>A byte that no token stands for and that valid UTF-8 can contain; null if there is none.</summary>
    public byte? MissingByte => FindMissing(_bytes);

    /// <summary>As <see cref="MissingByte"/>, of a vocabulary in which bytes are written with escapes (RWKV).</summary>
    public byte? MissingEscapedByte => FindMissing(_escapedBytes);

    /// <summary>Reads the elements of an array of texts.</summary>
    public static GgufVocabulary Read(GgufReader reader, int size)
    {
        var vocabulary = new GgufVocabulary(size);
        ulong[] hashes = new ulong[size];
        byte[] text = new byte[64];
        for (int token = 0; token < size; token++)
        {
            int length = reader.ReadText(ref text);
            hashes[token] = vocabulary.Add(text.AsSpan(0, length), token);
        }

        int[] ids = new int[size];
        for (int token = 0; token < size; token++)
        {
            ids[token] = token;
        }

        Array.Sort(hashes, ids);
        for (int i = 1; i < size; i++)
        {
            if (hashes[i] == hashes[i - 1])
            {
                vocabulary.Duplicates = (Math.Min(ids[i - 1], ids[i]), Math.Max(ids[i - 1], ids[i]));
                break;
            }
        }

        return vocabulary;
    }

    private static byte? FindMissing(bool[] bytes)
    {
        for (int value = 0; value < bytes.Length; value++)
        {
            if (!bytes[value] && value is not (0xC0 or 0xC1 or > 0xF4))
            {
                return (byte)value;
            }
        }

        return null;
    }

    private static byte? Unescape(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'t'] => (byte)'\t',
        [(byte)'n'] => (byte)'\n',
        [(byte)'r'] => (byte)'\r',
        [(byte)'x', _, _] when byte.TryParse(text[1..], NumberStyles.AllowHexSpecifier, null, out byte value) => value,
        [var character] => character,
        _ => null,
    };

    /// <summary>Notes a token, of which the library sees what is before a zero byte. Returns its hash.</summary>
    private ulong Add(ReadOnlySpan<byte> text, int token)
    {
        int end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        if (text.Length == 1)
        {
            _bytes[text[0]] = true;
            _escapedBytes[text[0]] |= text[0] != '\\';
        }
        else if (text is [(byte)'\\', ..] && Unescape(text[1..]) is { } escaped)
        {
            _escapedBytes[escaped] = true;
        }
        else if (text.Length == MaxByteText && text.StartsWith("<0x"u8) && text[5] == '>'
            && byte.TryParse(text[3..5], NumberStyles.AllowHexSpecifier, null, out byte value))
        {
            _bytes[value] = true;
        }

        // The library numbers empty tokens, so that they differ.
        ulong hash = text.IsEmpty ? HashOffset ^ ((ulong)token << 32) : HashOffset;
        foreach (byte b in text)
        {
            hash = (hash ^ b) * HashPrime;
        }

        return hash;
    }
}
