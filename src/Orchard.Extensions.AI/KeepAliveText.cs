using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchard.Extensions.AI;

/// <summary>
/// Reads how long a model stays loaded, in the forms of Ollama: a number of seconds, or a duration such as <c>5m</c> or <c>1h30m</c>.
/// Negative is forever. Pure.
/// </summary>
internal static partial class KeepAliveText
{
    // The engine keeps a model no longer than that, unless it keeps it forever.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    // Far more than a duration of all units has.
    private const int MaxLength = 64;

    /// <summary>Returns the duration; null if the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim();
        if (text.Length > MaxLength)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
        {
            return double.IsFinite(seconds) ? FromSeconds(seconds) : null;
        }

        return Duration().Match(text) is { Success: true } match
            ? FromSeconds((match.Groups["sign"].Length > 0 ? -1 : 1) * Sum(match))
            : null;
    }

    /// <summary>Returns the duration of a number of seconds: forever if it is negative, and at most a year otherwise.</summary>
    public static TimeSpan FromSeconds(double seconds) =>
        seconds < 0 ? Timeout.InfiniteTimeSpan
        : seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds)
        : Longest;

    private static double Sum(Match match) => match.Groups["number"].Captures.Zip(
        match.Groups["unit"].Captures,
        static (number, unit) => double.Parse(number.ValueSpan, CultureInfo.InvariantCulture) * SecondsOf(unit.Value)).Sum();

    private static double SecondsOf(string unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "ns" => 1e-9,
        _ => 1e-6,
    };

    [GeneratedRegex(@"^(?<sign>-)?((?<number>[0-9]+(\.[0-9]+)?)(?<unit>h|ms|m|s|us|µs|ns))+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
