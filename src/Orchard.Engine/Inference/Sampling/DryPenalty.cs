using System.Runtime.InteropServices;
using Orchard.Grammars.Tokens;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference.Sampling;

/// <summary>DRY ("don't repeat yourself"): makes tokens less likely that would prolong a repetition.</summary>
/// <remarks>
/// If the last <c>n</c> tokens occurred before, the token that followed them there loses <c>multiplier · base^(n − allowed length)</c>.
/// A repetition begins after the last sequence breaker.
/// </remarks>
internal sealed class DryPenalty(DrySettings settings, ITokenBytes tokens) : ILogitPenalty
{
    /// <summary>Far beyond all logits, and finite, so that the token remains the last resort.</summary>
    private const float MaxPenalty = 1e20f;

    private readonly SequenceBreakers _breakers = new(settings.SequenceBreakers);
    private readonly List<int> _history = [];

    // For each token of the history: how many tokens up to it equal the last ones.
    private readonly List<int> _lengths = [];

    // For each token of the history: whether it contains a sequence breaker, so that it never prolongs a repetition.
    private readonly List<bool> _breaking = [];
    private readonly Dictionary<int, int> _longest = [];

    public void Apply(Span<float> logits)
    {
        FindRepetitions();
        foreach ((int token, int length) in _longest)
        {
            double penalty = settings.Multiplier * Math.Pow(settings.Base, length - settings.AllowedLength);
            logits[token] -= (float)Math.Min(penalty, MaxPenalty);
        }
    }

    public void Accept(int token)
    {
        ReadOnlySpan<byte> bytes = tokens.GetBytes(token);
        bool breaks = _breakers.EndIn(bytes);
        Span<int> history = CollectionsMarshal.AsSpan(_history);
        Span<int> lengths = CollectionsMarshal.AsSpan(_lengths);
        for (int i = history.Length - 1; i >= 0; i--)
        {
            lengths[i] = !breaks && history[i] == token ? 1 + (i > 0 ? lengths[i - 1] : 0) : 0;
        }

        if (_history.Count >= settings.Window)
        {
            _history.RemoveAt(0);
            _lengths.RemoveAt(0);
            _breaking.RemoveAt(0);
        }

        _history.Add(token);
        _lengths.Add(0);
        _breaking.Add(_breakers.IsIn(bytes));
    }

    /// <summary>Finds the tokens that followed the last ones before, each with the longest repetition that it would prolong.</summary>
    private void FindRepetitions()
    {
        _longest.Clear();
        for (int i = 0; i + 1 < _history.Count; i++)
        {
            int length = Math.Min(_lengths[i], i + 1); // what has left the window does not count
            if (length >= settings.AllowedLength && !_breaking[i + 1])
            {
                ref int longest = ref CollectionsMarshal.GetValueRefOrAddDefault(_longest, _history[i + 1], out _);
                longest = Math.Max(longest, length);
            }
        }
    }
}
