using System.Globalization;

namespace Orchard.TestModels.Architectures;

/// <summary>The sizes that the data files name: <c>width</c>, <c>2*width</c>, <c>width/2</c> or a number.</summary>
/// <param name="context">Number of tokens that the model was trained for.</param>
internal sealed class Sizes(int context)
{
    public const int Vocabulary = 320;

    /// <exception cref="FormatException">It is neither a number nor one of the named sizes.</exception>
    public int Evaluate(string text)
    {
        if (text.Split('*') is [var factor, var size])
        {
            return Evaluate(factor) * Evaluate(size);
        }

        if (text.Split('/') is [var dividend, var divisor])
        {
            return Evaluate(dividend) / Evaluate(divisor);
        }

        return text switch
        {
            "width" => 64,
            "hidden" => 96,
            "expert" => 48,
            "vocabulary" => Vocabulary,
            "context" => context,
            _ => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        };
    }
}
