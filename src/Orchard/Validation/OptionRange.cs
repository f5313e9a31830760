using System.Globalization;
using System.Runtime.CompilerServices;

namespace Orchard.Validation;

/// <summary>Throws uniformly worded exceptions for option values that are not allowed.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentOutOfRangeException">The condition is false. The message names option, value and range.</exception>
    public static void Require(bool condition, object? value, string range, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{name} is {value ?? "null"}; allowed is {range}."));
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">The time is negative and not infinite.</exception>
    public static void RequireKeepAlive(TimeSpan? value, [CallerArgumentExpression(nameof(value))] string name = "") => Require(
        value is null || value >= TimeSpan.Zero || value == Timeout.InfiniteTimeSpan,
        value,
        "zero or more, or Timeout.InfiniteTimeSpan",
        name);

    /// <exception cref="ArgumentException">The condition is true.</exception>
    public static void ThrowIf(bool condition, string name, string message)
    {
        if (condition)
        {
            throw new ArgumentException(message, name);
        }
    }

    /// <summary>Returns an exception for a value that is not allowed.</summary>
    public static ArgumentException Refuse(string name, string message, Exception? cause = null) => new(message, name, cause);
}
