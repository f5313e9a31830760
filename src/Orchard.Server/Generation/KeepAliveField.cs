using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchard.Server.Generation;

/// <summary>
/// Reads how long a model stays loaded: a number of seconds, or a duration such as <c>5m</c> or <c>1h30m</c>. Negative is forever. Pure.
/// </summary>
internal static partial class KeepAliveField
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <summary>Returns the duration.</summary>
    public static TimeSpan Read(Field field)
    {
        if (!field.IsText)
        {
            return Normalize(field.ToDouble());
        }

        string text = field.ToText().Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && double.IsFinite(seconds))
        {
            return Normalize(seconds);
        }

        return text.Length < 64 && Duration().Match(text) is { Success: true } match
            ? Normalize((match.Groups["sign"].Length > 0 ? -1 : 1) * Sum(match))
            : throw field.Invalid("a number of seconds, or a duration such as \"5m\"");
    }

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

    private static TimeSpan Normalize(double seconds) =>
        seconds < 0 || seconds > Longest.TotalSeconds ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);

    [GeneratedRegex(@"^(?<sign>-)?((?<number>[0-9]+(\.[0-9]+)?)(?<unit>h|ms|m|s|us|µs|ns))+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
