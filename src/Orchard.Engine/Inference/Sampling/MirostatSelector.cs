using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>
/// Mirostat 2.0: draws among the tokens whose surprisal is below a limit, and moves the limit so that the surprisal of the text stays near
/// a target.
/// </summary>
/// <param name="settings">Target and learning rate.</param>
/// <param name="temperature">Greater than 0.</param>
/// <param name="seed">Of the random numbers.</param>
/// <param name="candidates">Shared with the other samplers of the decoder.</param>
internal sealed class MirostatSelector(MirostatSettings settings, float temperature, uint seed, CandidateSet candidates) : ITokenSelector
{
    private SeededRandom _random = new(seed);
    private double _limit = 2 * settings.Tau; // in bits
    private double _observed = settings.Tau;

    public int? Select(Span<float> logits)
    {
        if (!candidates.TryFill(logits))
        {
            return null;
        }

        candidates.KeepBelowSurprisal(temperature, _limit);
        (int token, double probability) = candidates.Draw(temperature, _random.NextDouble());
        _observed = -Math.Log2(probability);
        return token;
    }

    /// <remarks>The token is the last one selected: the limit moves once per token, however often the grammar asked for another.</remarks>
    public void Accept(int token) => _limit -= settings.Eta * (_observed - settings.Tau);
}
