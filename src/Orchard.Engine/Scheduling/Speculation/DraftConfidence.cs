using System.Numerics.Tensors;

namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>
/// How probable a draft model finds the tokens that it drafts, and how often the other model agrees, given that. Not thread-safe.
/// </summary>
/// <remarks>
/// Models of one family mostly agree on what the smaller one is sure about. How sure it has to be differs from one pair of models to
/// another, and with the temperature, so it is learned.
/// </remarks>
/// <param name="vocabularySize">Number of tokens of the draft model.</param>
internal sealed class DraftConfidence(int vocabularySize)
{
    private const int MaxOdds = 12; // as a power of two; there is a level for each
    private const double Weight = 0.05;
    private const double FirstWeight = 0.25;

    private readonly float[] _exponentials = new float[vocabularySize];
    private readonly Level[] _levels = [.. Enumerable.Range(-MaxOdds, (2 * MaxOdds) + 1).Select(static odds => new Level(odds))];

    /// <summary>Returns the most probable token, and how probable it is.</summary>
    public int MostProbable(ReadOnlySpan<float> logits, out double probability)
    {
        int token = TensorPrimitives.IndexOfMax(logits);
        Span<float> exponentials = _exponentials.AsSpan(0, logits.Length);
        TensorPrimitives.Subtract(logits, logits[token], exponentials);
        TensorPrimitives.Exp(exponentials, exponentials);
        probability = 1 / TensorPrimitives.Sum<float>(exponentials);
        return token;
    }

    /// <summary>Returns the probability that the other model agrees on a token.</summary>
    /// <param name="probability">How probable the draft model finds it.</param>
    public double ChanceOf(double probability) => LevelOf(probability).Chance;

    /// <summary>Records whether the other model agreed.</summary>
    public void Record(double probability, bool agrees)
    {
        Level level = LevelOf(probability);
        level.Chance += level.Weight * ((agrees ? 1 : 0) - level.Chance);
        level.Weight = Math.Max(level.Weight / (1 + level.Weight), Weight);
    }

    private Level LevelOf(double probability)
    {
        double odds = Math.Log2(probability / (1 - probability));
        return _levels[MaxOdds + (double.IsNaN(odds) ? -MaxOdds : (int)Math.Round(Math.Clamp(odds, -MaxOdds, MaxOdds)))];
    }

    private sealed class Level(int odds)
    {
        // The other model usually agrees somewhat more often than the draft model expects.
        public double Chance { get; set; } = 1 - (0.5 / (1 + Math.Pow(2, odds)));

        public double Weight { get; set; } = FirstWeight;
    }
}
