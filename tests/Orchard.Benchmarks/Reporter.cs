using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchard.Benchmarks;

/// <summary>Prints results as they come: a table for people, or one JSON line per case.</summary>
internal sealed class Reporter(bool json)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // µs as it is

    private bool _hasHeading;

    public void Add(Result result) => Console.WriteLine(json ? Json(result) : Row(result));

    /// <summary>What a reader of the numbers should know; on the error stream, out of the way of the numbers.</summary>
    public static void Note(string text) => Console.Error.WriteLine($"# {text}");

    private static string Json(Result result) => JsonSerializer.Serialize(
        new
        {
            benchmark = result.Benchmark,
            @case = result.Case,
            value = Significant(result.Value),
            unit = result.Unit,
            limit = Significant(result.Limit),
            ratio = Significant(result.Ratio),
            runs = result.Runs,
        },
        Plain);

    private string Row(Result result)
    {
        string row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {result.Benchmark} | {result.Case} | {Significant(result.Value)} {result.Unit} | {Significant(result.Limit)} | {Significant(result.Ratio)} | {result.Runs} |");
        if (_hasHeading)
        {
            return row;
        }

        _hasHeading = true;
        return $"| benchmark | case | value | limit | ratio | runs |\n|---|---|---|---|---|---|\n{row}";
    }

    // Four figures: more would claim a precision that no run has.
    private static double Significant(double value) =>
        double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}
