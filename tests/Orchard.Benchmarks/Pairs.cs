using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks;

/// <summary>
/// Rates of two rivals that were measured in turns. Their ratio is the median of the ratios of the turns, because what else the machine does
/// changes from one turn to the next.
/// </summary>
internal sealed class Pairs
{
    private readonly List<double> _values = [];
    private readonly List<double> _limits = [];

    /// <summary>Measures both, each first in every other turn.</summary>
    public async Task AddAsync(Func<Task<double>> value, Func<Task<double>> limit)
    {
        bool isFirst = _values.Count % 2 == 0;
        double one = isFirst ? await value() : 0;
        _limits.Add(await limit());
        _values.Add(isFirst ? one : await value());
    }

    public Result ToResult(string benchmark, string name, string unit) =>
        new(benchmark, name, Median(_values), unit, Median(_limits), _values.Count)
        {
            Ratio = Median(_values.Zip(_limits, static (value, limit) => value / limit)),
        };
}
