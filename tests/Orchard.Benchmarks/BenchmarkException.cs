namespace Orchard.Benchmarks;

/// <summary>What was measured did not do what it is measured doing: there is no number to report.</summary>
internal sealed class BenchmarkException(string message) : Exception(message)
{
    /// <exception cref="BenchmarkException">The condition does not hold.</exception>
    public static void ThrowUnless(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new BenchmarkException(otherwise);
        }
    }
}
