using System.Globalization;

namespace Orchard.TestModels;

/// <summary>How large a model of the <c>llama</c> architecture is. Speed depends on it, and not on the weights' values.</summary>
/// <param name="Width">Of a token's vector; a multiple of 64.</param>
/// <param name="Layers">How many blocks.</param>
/// <param name="Vocabulary">How many tokens; at least 512.</param>
public readonly record struct Shape(int Width, int Layers, int Vocabulary)
{
    public const int ContextLength = 4096;

    private const int DefaultHeadWidth = 64;

    private Attention? AttentionShape { get; init; }

    /// <summary>About 110 million parameters, the embedding shared with the output.</summary>
    public static Shape HundredMillion { get; } = new(768, 12, 32_000);

    /// <summary>About 600 million parameters, with the sizes of Qwen3-0.6B.</summary>
    public static Shape SixHundredMillion { get; } = new(1_024, 28, 151_936) { AttentionShape = new Attention(16, 8, 128), FeedForwardWidth = 3_072 };

    /// <summary>Tokens that it says it was trained with.</summary>
    public int TrainedContext { get; init; } = ContextLength;

    public int HeadWidth => AttentionShape?.Width ?? DefaultHeadWidth;

    public int Heads => AttentionShape?.Heads ?? Width / DefaultHeadWidth;

    public int KeyValueHeads => AttentionShape?.KeyValueHeads ?? Heads;

    /// <summary>Two thirds of four times the width, as is usual, in whole blocks of weights.</summary>
    public int FeedForwardWidth { get; private init; } = Width * 8 / 3 / 64 * 64;

    /// <summary>Reads <c>768x12x32000</c>, or <c>600m</c>.</summary>
    /// <exception cref="FormatException">It is not of that form, or out of range.</exception>
    public static Shape Parse(string text)
    {
        if (text == SixHundredMillion.ToString())
        {
            return SixHundredMillion;
        }

        int[] numbers = [.. text.Split('x').Select(static number => int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture))];
        return numbers is [var width, var layers, var vocabulary]
            && width > 0 && width % DefaultHeadWidth == 0 && layers > 0 && vocabulary >= 512
            ? new Shape(width, layers, vocabulary)
            : throw new FormatException(
                $"'{text}' is no shape: WIDTHxLAYERSxVOCABULARY, the width a multiple of {DefaultHeadWidth}, at least 512 tokens; or 600m.");
    }

    public override string ToString() => this == SixHundredMillion ? "600m" : $"{Width}x{Layers}x{Vocabulary}";

    private sealed record Attention(int Heads, int KeyValueHeads, int Width);
}
