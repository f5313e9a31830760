using System.Numerics.Tensors;
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
    private readonly int[] _drafted = new int[DraftControl.MaxModelDraft];
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
    /// <param name="count">Number of tokens, at least 1.</param>
    /// <param name="isTrial">Whether it only shows whether drafts pay. What it reads is then a part of its cost.</param>
    public void Add(Sequence sequence, int count, bool isTrial) => _drafts.Add(new Draft(sequence, count, isTrial));

    /// <summary>Drafts for the sequences that were added. On failure, there are no drafts any more.</summary>
    /// <param name="texts">Holds the tokens of the sequences.</param>
    /// <param name="roundTicks">Duration of a round without drafts; 0 if unknown.</param>
    public void Run(SequenceTable texts, double roundTicks)
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
            bool isInvestment = backlog > OrdinaryBacklog * drafts && _drafts.Exists(static draft => !draft.IsTrial);
            if (isInvestment)
            {
                _cost.RecordReading(backlog, reading, roundTicks);
            }

            start = _time.GetTimestamp();
            int steps = Continue();
            TimeSpan drafting = _time.GetElapsedTime(start);
            if (steps > 0)
            {
                _cost.RecordSteps(drafts, steps, drafting);
            }

            (Reading, Drafting) = isInvestment ? (reading, drafting) : (TimeSpan.Zero, reading + drafting);
        }
        catch (Exception exception)
        {
            // Drafts are never needed. The slots are in an unknown state now, and what has failed once would fail again.
            Failure = exception;
            foreach (Draft draft in _drafts)
            {
                draft.Sequence.Drafted.Take([]);
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
            longest = Math.Max(longest, texts.CachedTokens(draft.Sequence).Length + 1 + draft.Count);
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

    // Returns the number of steps.
    private int Continue()
    {
        int steps = 0;
        while (true)
        {
            int length = 0;
            foreach (Draft draft in _drafts)
            {
                if (draft.LogitsIndex >= 0 && draft.Tokens.Count < draft.Count)
                {
                    int slot = draft.Sequence.Slot;
                    draft.LogitsIndex = length;
                    _batch[length++] = new BatchToken(draft.Tokens[^1], _held[slot].Count, slot, NeedsLogits: true);
                    _held[slot].Add(draft.Tokens[^1]);
                }
                else
                {
                    draft.LogitsIndex = -1;
                }
            }

            if (length == 0)
            {
                break;
            }

            _decoder.Decode(_batch.AsSpan(0, length));
            steps++;
            foreach (Draft draft in _drafts)
            {
                Sample(draft);
            }
        }

        foreach (Draft draft in _drafts)
        {
            draft.Tokens.CopyTo(_drafted);
            draft.Sequence.Drafted.Take(_drafted.AsSpan(0, draft.Tokens.Count));
        }

        return steps;
    }

    // The end of the text is not worth a draft: the other model's logits for it come with the token before it.
    private void Sample(Draft draft)
    {
        if (draft.LogitsIndex < 0)
        {
            return;
        }

        int token = TensorPrimitives.IndexOfMax(_decoder.GetLogits(draft.LogitsIndex));
        if (token < 0 || token >= _vocabularySize || _tokenizer.IsEndOfGeneration(token))
        {
            draft.LogitsIndex = -1;
            return;
        }

        draft.Tokens.Add(token);
    }

    private sealed class Draft(Sequence sequence, int count, bool isTrial)
    {
        public Sequence Sequence => sequence;

        public int Count => count;

        public bool IsTrial => isTrial;

        public List<int> Tokens { get; } = new(count);

        /// <summary>Index in the current batch of the logits for the next token; -1 if it has none.</summary>
        public int LogitsIndex { get; set; } = -1;
    }
}
