using System.Runtime.InteropServices;
using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>
/// Drafts tokens with a smaller model of the same vocabulary: always the most probable ones, for all sequences together. Its slots are
/// those of the sequences, and hold as much of their texts as it has read. Not thread-safe.
/// </summary>
/// <remarks>
/// A drafted token is accepted if the other model samples the same one, so the text is the same as without drafts. What is rejected is
/// removed from a slot when the sequence is drafted for again, together with all else in which the slot differs from the text.
/// </remarks>
internal sealed class DraftModel : IDisposable
{
    // Reading more than this at once would hold up the sequences that generate.
    private const int MaxRead = 256;

    // The library copies the whole room of a slot, which takes as long as reading about so many tokens.
    private const int MinCopied = 256;

    // Tokens that are read beside the newest one in an ordinary draft: the last ones that were accepted.
    private const int OrdinaryBacklog = 4;

    private readonly IDecoder _decoder;
    private readonly DraftModelCost _cost;
    private readonly ITokenizer _tokenizer;
    private readonly TimeProvider _time;
    private readonly int _vocabularySize; // of the other model
    private readonly List<int>[] _held;
    private readonly BatchToken[] _batch;
    private readonly DraftConfidence _confidence;
    private readonly double[] _chances = new double[DraftControl.MaxModelDraft]; // of each draft's first token, second one, and so on; sums
    private readonly List<Draft> _drafts = [];

    /// <param name="decoder">The draft model. Owned.</param>
    /// <param name="cost">Learns what it costs.</param>
    /// <param name="tokenizer">The vocabulary of both.</param>
    /// <param name="sequences">Number of slots of the other model.</param>
    /// <param name="vocabularySize">Number of tokens of the other model.</param>
    /// <param name="time">The clock.</param>
    public DraftModel(
        IDecoder decoder, DraftModelCost cost, ITokenizer tokenizer, int sequences, int vocabularySize, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(decoder.SequenceCapacity, sequences);
        _decoder = decoder;
        _cost = cost;
        _tokenizer = tokenizer;
        _time = time;
        _vocabularySize = vocabularySize;
        _confidence = new DraftConfidence(decoder.VocabularySize);
        _held = [.. Enumerable.Range(0, sequences).Select(static _ => new List<int>())];
        _batch = new BatchToken[Math.Min(decoder.BatchCapacity, Math.Max(MaxRead, sequences))];
    }

    /// <summary>Why it does not draft any more; null if it does.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How long the drafts of this round took.</summary>
    public TimeSpan Drafting { get; private set; }

    /// <summary>How long reading took in this round, if it was more than what belongs to each draft: an investment.</summary>
    public TimeSpan Reading { get; private set; }

    /// <summary>Returns how many tokens it has to read before it can draft; null if it cannot draft there.</summary>
    /// <param name="slot">Slot of the sequence.</param>
    /// <param name="before">The tokens of the sequence before the newest.</param>
    /// <param name="newest">The newest token.</param>
    public int? BacklogOf(int slot, ReadOnlySpan<int> before, int newest)
    {
        int held = FindSource(slot, before).Tokens;
        bool fits = before.Length + 1 + DraftControl.MaxModelDraft <= _decoder.ContextLength
            && newest < _decoder.VocabularySize
            && before[held..].IndexOfAnyExceptInRange(0, _decoder.VocabularySize - 1) < 0;
        return Failure is null && fits ? before.Length - held : null;
    }

    /// <summary>Forgets the drafts of the last round.</summary>
    public void Clear()
    {
        _drafts.Clear();
        Drafting = Reading = TimeSpan.Zero;
    }

    /// <summary>Adds a sequence to draft for, in the order of the slots.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="max">Maximum number of tokens, at least 1.</param>
    public void Add(Sequence sequence, int max) =>
        _drafts.Add(new Draft(sequence, Math.Min(max, DraftControl.MaxModelDraft)));

    /// <summary>Drafts for the sequences that were added. On failure, there are no drafts any more.</summary>
    /// <param name="texts">Holds the tokens of the sequences.</param>
    /// <param name="control">Decides how long drafts are.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    /// <param name="isTrial">Whether the drafts only show whether drafts pay. What is read is then a part of their cost.</param>
    public void Run(SequenceTable texts, DraftControl control, int sequences, bool isTrial)
    {
        if (_drafts.Count == 0)
        {
            return;
        }

        try
        {
            long start = _time.GetTimestamp();
            int tokens = Read(texts);
            if (tokens == 0)
            {
                return; // there is no room yet
            }

            TimeSpan reading = _time.GetElapsedTime(start);
            int drafts = _drafts.Count;
            int backlog = tokens - drafts;
            bool isInvestment = backlog > OrdinaryBacklog * drafts && !isTrial;
            if (isInvestment)
            {
                _cost.RecordReading(backlog, reading, control.RoundTicks(sequences));
            }

            start = _time.GetTimestamp();
            int steps = Continue(control, sequences);
            TimeSpan drafting = _time.GetElapsedTime(start);
            if (steps > 0)
            {
                _cost.RecordSteps(drafts, steps, drafting);
            }

            Propose(control, sequences, isTrial);
            (Reading, Drafting) = isInvestment ? (reading, drafting) : (TimeSpan.Zero, reading + drafting);
        }
        catch (Exception exception)
        {
            // Drafts are never needed. The slots are in an unknown state now, and what has failed once would fail again.
            Failure = exception;
            foreach (Draft draft in _drafts)
            {
                draft.Sequence.Drafted.Take([], [], 0, _confidence);
            }
        }
    }

    public void Dispose() => _decoder.Dispose();

    // Reads what the slots lack, and samples the first token of each draft whose text is complete. Returns the number of tokens.
    private int Read(SequenceTable texts)
    {
        int longest = 0;
        foreach (Draft draft in _drafts)
        {
            longest = Math.Max(longest, texts.CachedTokens(draft.Sequence).Length + 1 + draft.Max);
        }

        if (!_decoder.TryReserve(longest))
        {
            _drafts.Clear();
            return 0;
        }

        foreach (Draft draft in _drafts)
        {
            Prepare(draft.Sequence.Slot, texts.CachedTokens(draft.Sequence));
        }

        int length = 0;
        for (int i = 0; i < _drafts.Count; i++)
        {
            Draft draft = _drafts[i];
            int others = _drafts.Count - i - 1;
            int count = AddText(texts.CachedTokens(draft.Sequence), draft, length, _batch.Length - length - others);
            length += count;
            draft.LogitsIndex = _batch[length - 1].NeedsLogits ? length - 1 : -1;
        }

        _decoder.Decode(_batch.AsSpan(0, length));
        Array.Clear(_chances);
        foreach (Draft draft in _drafts)
        {
            Sample(draft);
        }

        return length;
    }

    // Makes a slot hold only the beginning of a text, and as much of that as there is in any slot.
    private void Prepare(int slot, ReadOnlySpan<int> before)
    {
        List<int> held = _held[slot];
        (int source, int common) = FindSource(slot, before);
        if (source != slot)
        {
            held.Clear();
            held.AddRange(CollectionsMarshal.AsSpan(_held[source])[..common]);
            if (!_decoder.CopySequence(source, slot, common))
            {
                throw new DecodeException("The state of the draft model could not be copied.");
            }
        }
        else if (held.Count > common)
        {
            held.RemoveRange(common, held.Count - common);
            if (!_decoder.TrimSequence(slot, common))
            {
                throw new DecodeException("The state of the draft model could not be rewound.");
            }
        }
    }

    private int AddText(ReadOnlySpan<int> before, Draft draft, int at, int max)
    {
        int slot = draft.Sequence.Slot;
        List<int> held = _held[slot];
        int count = Math.Min(before.Length + 1 - held.Count, max);
        for (int i = 0; i < count; i++)
        {
            int position = held.Count;
            bool isNewest = position == before.Length;
            int token = isNewest ? draft.Sequence.NewestToken : before[position];
            _batch[at + i] = new BatchToken(token, position, slot, isNewest);
            held.Add(token);
        }

        return count;
    }

    // The slot that holds the most of a text: its own, unless another one has much more.
    private (int Slot, int Tokens) FindSource(int slot, ReadOnlySpan<int> before)
    {
        (int Slot, int Tokens) best = (slot, CommonPrefix(slot, before));
        int least = best.Tokens + MinCopied;
        for (int other = 0; other < _held.Length && before.Length >= least; other++)
        {
            if (other != slot && CommonPrefix(other, before) is var tokens && tokens >= Math.Max(least, best.Tokens + 1))
            {
                best = (other, tokens);
            }
        }

        return best;
    }

    private int CommonPrefix(int slot, ReadOnlySpan<int> before) => before.CommonPrefixLength(CollectionsMarshal.AsSpan(_held[slot]));

    // All drafts get as many tokens, because the library decodes sequences with equal numbers of tokens together, and others apart.
    private int Continue(DraftControl control, int sequences)
    {
        int steps = 0;
        while (true)
        {
            int length = 0;
            double chances = 0;
            foreach (Draft draft in _drafts)
            {
                if (draft.LogitsIndex >= 0 && draft.Tokens.Count < draft.Max)
                {
                    int slot = draft.Sequence.Slot;
                    draft.LogitsIndex = length;
                    _batch[length++] = new BatchToken(draft.Tokens[^1], _held[slot].Count, slot, NeedsLogits: true);
                    chances += draft.Chance;
                }
                else
                {
                    draft.LogitsIndex = -1;
                }
            }

            if (length == 0 || !control.PaysToGoOn(chances, length, sequences))
            {
                return steps;
            }

            foreach (BatchToken token in _batch.AsSpan(0, length))
            {
                _held[token.Slot].Add(token.Token);
            }

            _decoder.Decode(_batch.AsSpan(0, length));
            steps++;
            foreach (Draft draft in _drafts)
            {
                Sample(draft);
            }
        }
    }

    private void Propose(DraftControl control, int sequences, bool isTrial)
    {
        int longest = _drafts.Max(static draft => draft.Tokens.Count);
        int length = control.LengthOf(_chances.AsSpan(0, longest), _drafts.Count, sequences, isTrial);
        foreach (Draft draft in _drafts)
        {
            draft.Sequence.Drafted.Take(
                CollectionsMarshal.AsSpan(draft.Tokens),
                CollectionsMarshal.AsSpan(draft.Probabilities),
                Math.Min(length, draft.Tokens.Count),
                _confidence);
        }
    }

    // The end of the text is not worth a draft: the other model's logits for it come with the token before it.
    private void Sample(Draft draft)
    {
        if (draft.LogitsIndex < 0)
        {
            return;
        }

        int token = _confidence.MostProbable(_decoder.GetLogits(draft.LogitsIndex), out double probability);
        if (token < 0 || token >= _vocabularySize || _tokenizer.IsEndOfGeneration(token))
        {
            draft.LogitsIndex = -1;
            return;
        }

        draft.Chance *= _confidence.ChanceOf(probability);
        _chances[draft.Tokens.Count] += draft.Chance;
        draft.Tokens.Add(token);
        draft.Probabilities.Add(probability);
    }

    private sealed class Draft(Sequence sequence, int max)
    {
        public Sequence Sequence => sequence;

        public int Max => max;

        public List<int> Tokens { get; } = [];

        /// <summary>How probable the draft model finds each token.</summary>
        public List<double> Probabilities { get; } = [];

        /// <summary>Probability that all of them are accepted.</summary>
        public double Chance { get; set; } = 1;

        /// <summary>Index in the current batch of the logits for the next token; -1 if it has none.</summary>
        public int LogitsIndex { get; set; } = -1;
    }
}
