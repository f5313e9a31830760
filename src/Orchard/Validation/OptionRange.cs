using System.Globalization;
using System.Runtime.CompilerServices;

namespace Orchard.Validation;

/// <summary>The refusal of option values, in one wording.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentOutOfRangeException">The condition does not hold. The message names option, value and range.</exception>
    public static void Require(bool condition, object? value, string range, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{name} is {value ?? "null"}; allowed is {range}."));
        }
    }

    /// <summary>The refusal of a value that is no number.</summary>
    public static ArgumentException Refuse(string name, string message, Exception? cause = null) => new(message, name, cause);
}
