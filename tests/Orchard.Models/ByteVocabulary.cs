using System.Globalization;

namespace Orchard.TestModels;

/// <summary>A vocabulary in which every text can be written: one token per byte, and words that nothing tokenizes to.</summary>
public static class ByteVocabulary
{
    /// <summary>The only merge, because the library wants at least one.</summary>
    public const string Merge = Space + " w";

    private const string Space = "Ġ"; // how a byte-level vocabulary spells it

    /// <summary>The texts of the tokens: control tokens, then the bytes, then words.</summary>
    public static IReadOnlyList<string> Create(IReadOnlyList<string> control, int size)
    {
        List<string> tokens = [.. control, .. Bytes(), Space + "w"];
        while (tokens.Count < size)
        {
            tokens.Add(Space + "w" + tokens.Count.ToString(CultureInfo.InvariantCulture));
        }

        return tokens;
    }

    // Each byte is written as one visible character: itself where it is one, else one from 256 on.
    private static IEnumerable<string> Bytes()
    {
        int substitutes = 0;
        for (int value = 0; value < 256; value++)
        {
            bool isVisible = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            yield return ((char)(isVisible ? value : 256 + substitutes++)).ToString();
        }
    }
}
