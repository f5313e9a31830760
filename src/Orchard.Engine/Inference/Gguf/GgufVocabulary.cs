namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// What the engine has to know about the tokens of a file before the library loads them. The library ends the process for a vocabulary with
/// two equal tokens, and throws from a SentencePiece vocabulary without a token for a byte that a text contains.
/// </summary>
internal sealed class GgufVocabulary
{
    private const int MaxByteText = 6; // "<0x0A>"

    // FNV-1a with 64 bits: two different tokens of a vocabulary have the same hash once in a hundred million vocabularies.
    private const ulong HashOffset = 14_695_981_039_346_656_037;
    private const ulong HashPrime = 1_099_511_628_211;

    private readonly bool[] _bytes = new bool[256];

    private GgufVocabulary(int size) => Size = size;

    /// <summary>Number of tokens.</summary>
    public int Size { get; }

    /// <summary>Ids of two equal tokens; null if there are none.</summary>
    public (int First, int Second)? Duplicates { get; private set; }

    /// <summary>A byte that no token stands for and that valid UTF-8 can contain; null if there is none.</summary>
    public byte? MissingByte
    {
        get
        {
            for (int value = 0; value < _bytes.Length; value++)
            {
                if (!_bytes[value] && value is not (0xC0 or 0xC1 or > 0xF4))
                {
                    return (byte)value;
                }
            }

            return null;
        }
    }

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

    /// <summary>Notes a token, of which the library sees what is before a zero byte. Returns its hash.</summary>
    private ulong Add(ReadOnlySpan<byte> text, int token)
    {
        int end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end];
        if (text.Length == 1)
        {
            _bytes[text[0]] = true;
        }
        else if (text.Length == MaxByteText && text.StartsWith("<0x"u8) && text[5] == '>'
            && byte.TryParse(text[3..5], System.Globalization.NumberStyles.AllowHexSpecifier, null, out byte value))
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
