using System.Globalization;
using System.Text;

namespace Orchard.Server.Metrics;

/// <summary>Writes measurements in Prometheus's text format. Pure.</summary>
internal static class PrometheusText
{
    /// <summary>Content type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Returns the text of all series, which must be ordered by name.</summary>
    /// <param name="all">The series.</param>
    /// <param name="valueOf">Returns the value of a tag.</param>
    public static string Write(IReadOnlyList<Series> all, Func<KeyValuePair<string, object?>, string?> valueOf)
    {
        var text = new StringBuilder();
        string? last = null;
        foreach (Series series in all)
        {
            string name = NameOf(series);
            if (last != name)
            {
                last = name;
                string type = series.IsHistogram ? "histogram" : series.IsCounter ? "counter" : "gauge";
                text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {series.Description}\n# TYPE {name} {type}\n");
            }

            Write(text, name, Labels([.. series.Tags], valueOf), series);
        }

        return text.ToString();
    }

    /// <summary>Returns tags as labels, without braces.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="valueOf">Returns the value of a tag.</param>
    public static string Labels(
        ReadOnlySpan<KeyValuePair<string, object?>> tags, Func<KeyValuePair<string, object?>, string?> valueOf)
    {
        var labels = new StringBuilder();
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            string text = Escape(valueOf(tag) ?? "");
            labels.Append(labels.Length > 0 ? "," : "").Append(Identifier(tag.Key)).Append("=\"").Append(text).Append('"');
        }

        return labels.ToString();
    }

    /// <summary>Appends a gauge of one series.</summary>
    /// <param name="text">The metrics.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it measures.</param>
    /// <param name="value">Its value.</param>
    /// <param name="labels">Its labels, without braces.</param>
    public static void Gauge(StringBuilder text, string name, string description, double value, string labels = "") => text.Append(
        CultureInfo.InvariantCulture,
        $"# HELP {name} {description}\n# TYPE {name} gauge\n{name}{Braces(labels)} {Number(value)}\n");

    private static void Write(StringBuilder text, string name, string labels, Series series)
    {
        (double value, long count, IReadOnlyList<(double Bound, long Count)> buckets) = series.Read();
        if (!series.IsHistogram)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{Braces(labels)} {Number(value)}\n");
            return;
        }

        string comma = labels.Length > 0 ? "," : "";
        foreach ((double bound, long within) in buckets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels}{comma}le=\"{Number(bound)}\"}} {within}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels}{comma}le=\"+Inf\"}} {count}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{Braces(labels)} {Number(value)}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_count{Braces(labels)} {count}\n");
    }

    // Prometheus's names end with the unit, and those of counters with "total".
    private static string NameOf(Series series)
    {
        string unit = series.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "{token}/s" => "_tokens_per_second",
            _ => "",
        };
        return Identifier(series.Name) + unit + (series.IsCounter ? "_total" : "");
    }

    private static string Identifier(string name) =>
        string.Concat(name.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static string Braces(string labels) => labels.Length > 0 ? $"{{{labels}}}" : "";

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
