using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchard.Extensions.AI;

/// <summary>
/// Reads how long a model stays loaded, in the forms of Ollama: a number of seconds, or a duration such as <c>5m</c> or <c>1h30m</c>.
/// Negative is forever.
/// </summary>
internal static partial class KeepAliveProperty
{
    /// <exception cref="ArgumentException">The value is no duration.</exception>
    public static TimeSpan Of(AdditionalProperty property)
    {
        if (property.Value is TimeSpan span)
        {
            return Normalize(span.TotalSeconds);
        }

        if (!property.IsText)
        {
            return Normalize(property.ToDouble());
        }

        string text = property.ToText().Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
        {
            return Normalize(seconds);
        }

        return Duration().Match(text) is { Success: true } match
            ? Normalize((match.Groups["sign"].Length > 0 ? -1 : 1) * Sum(match))
            : throw property.Invalid("a duration such as \"5m\", or a number of seconds");
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
        seconds < 0 || seconds > TimeSpan.MaxValue.TotalSeconds / 2 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);

    [GeneratedRegex(@"^(?<sign>-)?((?<number>[0-9]+(\.[0-9]+)?)(?<unit>h|ms|m|s|us|µs|ns))+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
