using System.Globalization;

namespace Orchard.TestModels.Architectures;

/// <summary>The sizes that the data files name: <c>width</c>, <c>2*width</c>, <c>width/2</c> or a number.</summary>
internal static class Sizes
{
    public const int Vocabulary = 320;

    private static readonly Dictionary<string, int> Named = new(StringComparer.Ordinal)
    {
        ["width"] = 64,
        ["hidden"] = 96,
        ["expert"] = 48,
        ["vocabulary"] = Vocabulary,
        ["context"] = 512,
    };

    /// <exception cref="FormatException">It is neither a number nor of the named sizes.</exception>
    public static int Evaluate(string text)
    {
        if (text.Split('*') is [var factor, var size])
        {
            return Evaluate(factor) * Evaluate(size);
        }

        if (text.Split('/') is [var dividend, var divisor])
        {
            return Evaluate(dividend) / Evaluate(divisor);
        }

        return Named.TryGetValue(text, out int value) ? value : int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }
}
