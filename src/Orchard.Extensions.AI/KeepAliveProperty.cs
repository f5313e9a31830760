using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchard.Extensions.AI;

/// <summary>Reads <c>keep_alive</c> as Ollama does: seconds, or a text such as <c>5m</c> or <c>1h30m</c>; negative for always.</summary>
internal static partial class KeepAliveProperty
{
    /// <exception cref="ArgumentException">The value is no time.</exception>
    public static TimeSpan Of(AdditionalProperty property)
    {
        if (property.Value is TimeSpan time)
        {
            return time;
        }

        string text = property.Value is string or System.Text.Json.JsonElement { ValueKind: System.Text.Json.JsonValueKind.String }
            ? property.ToText().Trim()
            : property.ToDouble().ToString(CultureInfo.InvariantCulture);
        if (text.StartsWith('-'))
        {
            return Timeout.InfiniteTimeSpan;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        Match match = Duration().Match(text);
        return match.Success && text.Length > 0
            ? TimeSpan.FromHours(Number(match, "h")) + TimeSpan.FromMinutes(Number(match, "m")) + TimeSpan.FromSeconds(Number(match, "s"))
            : throw new ArgumentException($"{property} is '{text}'. Set it to a number of seconds, or to a time such as 5m or 1h30m.");
    }

    private static double Number(Match match, string unit) =>
        match.Groups[unit].Success ? double.Parse(match.Groups[unit].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?:(?<h>\d{1,6}(\.\d{1,6})?)h)?(?:(?<m>\d{1,6}(\.\d{1,6})?)m)?(?:(?<s>\d{1,9}(\.\d{1,6})?)s)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
