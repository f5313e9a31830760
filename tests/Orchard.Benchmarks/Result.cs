namespace Orchard.Benchmarks;

/// <summary>What one case came to.</summary>
/// <param name="Benchmark">The command that measured it.</param>
/// <param name="Case">Its name in the table of targets.</param>
/// <param name="Value">The median of the runs.</param>
/// <param name="Unit">What the value and the limit count.</param>
/// <param name="Limit">What the value is held against: a rival of the same run, or a fixed bound.</param>
/// <param name="Runs">How many runs the median is of.</param>
internal sealed record Result(string Benchmark, string Case, double Value, string Unit, double Limit, int Runs)
{
    /// <summary>The value divided by the limit; of <see cref="Pairs"/>, the median of these ratios.</summary>
    public double Ratio { get; init; } = Value / Limit;
}
