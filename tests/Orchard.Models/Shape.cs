using System.Globalization;

namespace Orchard.TestModels;

/// <summary>How large a model of the <c>llama</c> architecture is. Speed depends on it, and not on the weights' values.</summary>
/// <param name="Width">Of a token's vector; a multiple of 64.</param>
/// <param name="Layers">How many blocks.</param>
/// <param name="Vocabulary">How many tokens; at least 512.</param>
public readonly record struct Shape(int Width, int Layers, int Vocabulary)
{
    public const int HeadWidth = 64;
    public const int ContextLength = 4096;

    /// <summary>About 110 million parameters, the embedding shared with the output.</summary>
    public static Shape HundredMillion { get; } = new(768, 12, 32_000);

    public int Heads => Width / HeadWidth;

    /// <summary>Two thirds of four times the width, as is usual, in whole blocks of weights.</summary>
    public int FeedForwardWidth => Width * 8 / 3 / 64 * 64;

    /// <summary>Reads <c>768x12x32000</c>.</summary>
    /// <exception cref="FormatException">It is not of that form, or out of range.</exception>
    public static Shape Parse(string text)
    {
        int[] numbers = [.. text.Split('x').Select(static number => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture))];
        return numbers is [var width, var layers, var vocabulary] && width > 0 && width % HeadWidth == 0 && layers > 0 && vocabulary >= 512
            ? new Shape(width, layers, vocabulary)
            : throw new FormatException($"'{text}' is no shape: WIDTHxLAYERSxVOCABULARY, the width a multiple of {HeadWidth}, at least 512 tokens.");
    }

    public override string ToString() => $"{Width}x{Layers}x{Vocabulary}";
}
