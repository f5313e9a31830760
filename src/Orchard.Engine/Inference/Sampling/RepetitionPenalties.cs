using System.Runtime.InteropServices;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>Makes tokens less likely that are among the last ones.</summary>
/// <param name="window">Number of most recent tokens to consider; at least 1.</param>
/// <param name="repetition">Divisor of positive logits and factor of negative ones; 1 disables it.</param>
/// <param name="frequency">Amount subtracted for each occurrence; 0 disables it.</param>
/// <param name="presence">Amount subtracted once for any number of occurrences; 0 disables it.</param>
internal sealed class RepetitionPenalties(int window, float repetition, float frequency, float presence) : ILogitPenalty
{
    private readonly Queue<int> _recent = [];
    private readonly Dictionary<int, int> _counts = [];

    public void Apply(Span<float> logits)
    {
        foreach ((int token, int count) in _counts)
        {
            ref float logit = ref logits[token];
            logit = logit > 0 ? logit / repetition : logit * repetition;
            logit -= (count * frequency) + presence;
        }
    }

    public void Accept(int token)
    {
        _recent.Enqueue(token);
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, token, out _)++;
        if (_recent.Count <= window)
        {
            return;
        }

        int oldest = _recent.Dequeue();
        if (--CollectionsMarshal.GetValueRefOrNullRef(_counts, oldest) == 0)
        {
            _counts.Remove(oldest);
        }
    }
}
