namespace Orchard.Engine.Scheduling;

/// <summary>
/// Drafts tokens for speculative decoding by prompt lookup: it finds an earlier occurrence of the last tokens of a text and proposes what
/// followed there. Answers quote their prompts, and structured text repeats itself. Belongs to one sequence. Not thread-safe.
/// </summary>
/// <remarks>
/// Verifying a drafted token usually costs less than a decode of its own, and an accepted one saves a decode. The cost depends on the
/// model, the machine and the length of the draft, so it is measured. Drafts become longer while they are accepted, and pause while they do
/// not pay off, so that text without repetitions is hardly slower than without drafts.
/// </remarks>
internal sealed class PromptLookup
{
    /// <summary>Maximum number of tokens in a draft.</summary>
    public const int MaxDraft = 15;

    // Number of tokens that must match. Shorter matches occur everywhere and predict nothing.
    private const int MatchLength = 3;
    private const int InitialDraft = 4;
    private const int MaxPause = 64;
    private const double DefaultCost = 0.5; // decodes per drafted token, while it is not measured
    private const double Decay = 0.5;

    private readonly int[] _draft = new int[MaxDraft];
    private int _length = InitialDraft;
    private double _saved; // single-token decodes saved by recent drafts
    private int _losses;
    private int _pause;

    /// <summary>
    /// Drafts the tokens after <paramref name="newest"/>. The result is empty without an earlier match, and during a pause.
    /// </summary>
    /// <param name="before">The tokens before the newest.</param>
    /// <param name="newest">The last token of the text.</param>
    /// <param name="max">Maximum number of tokens to draft.</param>
    public ReadOnlySpan<int> Draft(ReadOnlySpan<int> before, int newest, int max)
    {
        if (_pause > 0)
        {
            _pause--;
            return default;
        }

        if (max <= 0 || before.Length < MatchLength)
        {
            return default;
        }

        Span<int> match = [before[^2], before[^1], newest];
        int found = before.LastIndexOf(match);
        if (found < 0)
        {
            return default;
        }

        // Beyond the end of the text, the draft continues with its own tokens, which extends a short repeating pattern.
        int from = found + MatchLength;
        int count = Math.Min(_length, max);
        for (int i = 0; i < count; i++)
        {
            int at = from + i;
            _draft[i] = at < before.Length ? before[at] : at == before.Length ? newest : _draft[at - before.Length - 1];
        }

        return _draft.AsSpan(0, count);
    }

    /// <summary>Records the outcome of a draft.</summary>
    /// <param name="drafted">Number of drafted tokens, at least one.</param>
    /// <param name="accepted">Number of accepted tokens.</param>
    /// <param name="decodes">Duration of the decode in single-token decodes; null if unknown.</param>
    public void Record(int drafted, int accepted, double? decodes = null)
    {
        if (accepted == drafted)
        {
            _length = Math.Min(_length * 2, MaxDraft);
        }
        else if (accepted * 2 < drafted)
        {
            _length = Math.Max(_length / 2, 2);
        }

        // A decode that took longer than decoding its tokens one by one was disturbed by other load on the machine.
        double cost = decodes is { } measured ? Math.Min(measured - 1, drafted) : drafted * DefaultCost;
        _saved = (_saved * Decay) + accepted - cost;
        if (_saved < 0)
        {
            _pause = Math.Min(1 << _losses, MaxPause);
            _losses = Math.Min(_losses + 1, 6);
        }
        else
        {
            _losses = 0;
        }
    }
}
