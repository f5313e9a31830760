using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>
/// The tokens that one sequence decodes beside its newest token, because it will probably generate them. Only those that it then samples
/// from the logits become part of it. Reused. Not thread-safe.
/// </summary>
internal sealed class SequenceDraft
{
    /// <summary>Maximum number of tokens that need logits, beside the newest token.</summary>
    public const int MaxUncertain = 15;

    /// <summary>Maximum number of tokens.</summary>
    public const int MaxLength = 31;

    private readonly DraftAccuracy _lookup = new(weight: 0.2); // what repeats begins and ends suddenly
    private readonly int[] _tokens = new int[MaxLength];
    private readonly bool[] _certain = new bool[MaxLength];
    private readonly List<double> _probabilities = []; // of the tokens of a draft model
    private DraftConfidence? _confidence;
    private DraftSource _source;
    private bool _isWithPrompt;
    private int? _guess; // the first token of a draft that was not verified, and therefore shows for nothing how good drafts are

    /// <summary>Number of tokens.</summary>
    public int Length { get; private set; }

    /// <summary>Number of tokens that the sequence has generated.</summary>
    public int Accepted { get; private set; }

    /// <summary>Number of tokens whose predecessors need logits.</summary>
    public int UncertainTokens => Length - _certain.AsSpan(0, Length).Count(true);

    /// <summary>The next token if it is certain, and therefore needs no logits; null otherwise.</summary>
    public int? NextCertain => IsCertain(Accepted) ? _tokens[Accepted] : null;

    public int this[int index] => _tokens[index];

    /// <summary>Returns whether a token is certain to follow the ones before it.</summary>
    public bool IsCertain(int index) => index < Length && _certain[index];

    /// <summary>Drafts tokens. Returns their number.</summary>
    /// <param name="sampler">The sampler of the sequence.</param>
    /// <param name="before">The tokens before the newest.</param>
    /// <param name="newest">The last token of the text.</param>
    /// <param name="max">Maximum number of tokens.</param>
    /// <param name="control">Decides what pays off.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    public int Propose(ISampler sampler, ReadOnlySpan<int> before, int newest, int max, DraftControl control, int sequences)
    {
        Length = Accepted = 0;
        CheckGuess(newest, control);
        max = Math.Min(max, MaxLength);
        if (max <= 0)
        {
            return 0;
        }

        _isWithPrompt = false;
        int count = Expect(sampler, max);
        double? accuracy = null;
        if (count == 0)
        {
            count = PromptLookup.Draft(before, newest, _tokens.AsSpan(0, Math.Min(max, MaxUncertain)));
            _source = DraftSource.Lookup;
            _certain.AsSpan(0, count).Clear();
            accuracy = _lookup.Value;
        }

        if (count > 0)
        {
            Length = control.Limit(_source, _certain.AsSpan(0, count), accuracy, sequences);
            _guess = Length == 0 && !_certain[0] ? _tokens[0] : null;
        }

        return Length;
    }

    /// <summary>Takes the tokens of a draft model.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="probabilities">How probable the draft model finds each of them.</param>
    /// <param name="count">How many of them to verify.</param>
    /// <param name="confidence">Learns from the outcome.</param>
    public void Take(ReadOnlySpan<int> tokens, ReadOnlySpan<double> probabilities, int count, DraftConfidence confidence)
    {
        _source = DraftSource.Model;
        _isWithPrompt = false;
        _confidence = confidence;
        _probabilities.Clear();
        _probabilities.AddRange(probabilities);
        tokens.CopyTo(_tokens);
        _certain.AsSpan(0, tokens.Length).Clear();
        Length = count;
        _guess = count == 0 && tokens.Length > 0 ? tokens[0] : null; // instead of that of another source
    }

    /// <summary>
    /// Drafts the first tokens, which are decoded together with the end of the prompt. Returns their number.
    /// </summary>
    /// <param name="sampler">The sampler of the sequence.</param>
    /// <param name="max">Maximum number of tokens.</param>
    /// <param name="control">Knows how probable the tokens are.</param>
    public int ProposeFirst(ISampler sampler, int max, DraftControl control)
    {
        Accepted = 0;
        max = Math.Clamp(max, 0, MaxLength);
        _isWithPrompt = true;
        int count = Expect(sampler, max);
        Length = control.LimitFirst(_source, _certain.AsSpan(0, count));
        return Length;
    }

    /// <summary>Returns whether the token that was sampled is the next one of the draft.</summary>
    public bool Accept(int token)
    {
        if (Accepted == Length || _tokens[Accepted] != token)
        {
            return false;
        }

        Accepted++;
        return true;
    }

    /// <summary>Ends the draft. Returns the number of rejected tokens.</summary>
    /// <param name="control">Learns from the outcome.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    public int End(DraftControl control, int sequences)
    {
        int rejected = Length - Accepted;
        ReadOnlySpan<bool> certain = _certain.AsSpan(0, Length);
        if (Length > 0 && _isWithPrompt)
        {
            control.RecordAccuracy(_source, certain, Accepted);
        }
        else if (Length > 0)
        {
            control.RecordOutcome(_source, certain, Accepted, sequences);
            RecordAccuracy(Length, Accepted, control);
        }

        Length = Accepted = 0;
        return rejected;
    }

    private void RecordAccuracy(int drafted, int accepted, DraftControl control)
    {
        if (_source == DraftSource.Lookup)
        {
            _lookup.Record(drafted, accepted, control.AccuracyOf(_source));
        }

        for (int i = 0; _source == DraftSource.Model && i < Math.Min(accepted + 1, drafted); i++)
        {
            _confidence!.Record(_probabilities[i], i < accepted);
        }
    }

    private void CheckGuess(int newest, DraftControl control)
    {
        if (_guess is { } guess)
        {
            bool isRight = guess == newest;
            RecordAccuracy(1, isRight ? 1 : 0, control);
            control.RecordGuess(_source, isRight);
            _guess = null;
        }
    }

    private int Expect(ISampler sampler, int max)
    {
        int count = sampler.Expect(_tokens.AsSpan(0, max), _certain, out bool areUntried);
        _source = areUntried ? DraftSource.UntriedGrammar : DraftSource.Grammar;
        int uncertain = 0;
        for (int i = 0; i < count; i++)
        {
            uncertain += _certain[i] ? 0 : 1;
            if (uncertain > MaxUncertain)
            {
                return i;
            }
        }

        return count;
    }
}
