namespace Orchard.Engine.Inference.Sampling;

/// <summary>
/// The random numbers of a sequence (SplitMix64), of which the same seed gives the same on every platform and with every release of .NET.
/// </summary>
internal struct SeededRandom(uint seed)
{
    private const double Unit = 1.0 / (1UL << 53);

    private ulong _state = seed;

    /// <summary>Returns a number from 0 up to, but not including, 1.</summary>
    public double NextDouble()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * Unit;
    }
}
