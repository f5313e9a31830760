using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Scheduling.Speculation;

namespace Orchard.Engine.Scheduling;

/// <summary>
/// One batch: filled with tokens of sequences, decoded, and then used to advance these sequences. Reused. Not thread-safe.
/// </summary>
/// <param name="decoder">Decodes it.</param>
/// <param name="sequences">Receives the decoded tokens, and ends sequences.</param>
/// <param name="counters">Counts steps and tokens.</param>
/// <param name="drafts">Learns what drafts cost and save.</param>
/// <param name="time">The clock that decodes are measured with.</param>
internal sealed class DecodeBatch(
    IDecoder decoder, SequenceTable sequences, SchedulerCounters counters, DraftControl drafts, TimeProvider time)
{
    private readonly BatchToken[] _tokens = new BatchToken[decoder.BatchCapacity];
    private readonly List<Sequence> _members = [];
    private MediaBatch? _media;

    /// <summary>Number of tokens.</summary>
    public int Length { get; private set; }

    /// <summary>Number of tokens that belong to prompts.</summary>
    public int PromptTokens { get; private set; }

    /// <summary>Number of sequences.</summary>
    public int Sequences => _members.Count;

    /// <summary>Number of sequences with a draft.</summary>
    public int Drafts { get; private set; }

    /// <summary>Number of drafted tokens.</summary>
    public int DraftTokens { get; private set; }

    /// <summary>Duration of the last successful decode.</summary>
    public TimeSpan DecodeTime { get; private set; }

    public void Clear()
    {
        Length = 0;
        PromptTokens = 0;
        Drafts = DraftTokens = 0;
        _members.Clear();
        _media = null;
    }

    /// <summary>Adds tokens of an image or sound of a sequence. They are the only ones in the batch.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="span">The image or sound, of which the next tokens are added.</param>
    /// <param name="count">Number of tokens.</param>
    public void AddMedia(Sequence sequence, MediaSpan span, int count)
    {
        int first = sequence.ComputedTokens - span.Start;
        Add(sequence, count);
        _media = new MediaBatch(
            span.Chunk, first, count, sequence.PositionsOf(span.Start).Next, sequence.Slot, _tokens[count - 1].NeedsLogits);
    }

    /// <summary>Adds the next tokens of a sequence.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="count">Number of its tokens, without the drafted ones.</param>
    /// <param name="drafted">Number of drafted tokens.</param>
    public void Add(Sequence sequence, int count, int drafted = 0)
    {
        PromptTokens += sequence.Load.IsDecoding ? 0 : count;
        Drafts += drafted > 0 ? 1 : 0;
        DraftTokens += drafted;
        count += drafted;
        sequence.FillBatch(_tokens.AsSpan(Length, count), Length);
        Length += count;
        _members.Add(sequence);
    }

    /// <summary>Decodes the batch. On failure, ends its sequences and returns false.</summary>
    public bool TryDecode()
    {
        long start = time.GetTimestamp();
        ReadOnlySpan<BatchToken> tokens = _tokens.AsSpan(0, Length);
        try
        {
            decoder.UseAdapters(_members[0].Adapters);
            if (_media is { } media)
            {
                decoder.Decode(media);
            }
            else
            {
                decoder.Decode(tokens);
            }
        }
        catch (Exception exception)
        {
            SequenceEnd end = SequenceEnd.Failed(exception);
            foreach (Sequence sequence in _members)
            {
                sequences.End(sequence, end);
            }

            return false;
        }

        DecodeTime = time.GetElapsedTime(start);
        sequences.Append(tokens);
        foreach (Sequence sequence in _members)
        {
            sequences.SaveCheckpoint(sequence);
        }

        counters.Decoded(PromptTokens);
        return true;
    }

    /// <summary>Samples the next tokens of the sequences whose prompts are complete, and reports the progress of the others.</summary>
    public void Advance()
    {
        foreach (Sequence sequence in _members)
        {
            if (sequence.LogitsIndex is null)
            {
                sequence.ReportPrefill();
            }
            else if (Advance(sequence) is { } end)
            {
                sequences.End(sequence, end);
            }
        }
    }

    private SequenceEnd? Advance(Sequence sequence)
    {
        try
        {
            SequenceEnd? end;
            do
            {
                Span<float> logits = sequence.NeedsLogits ? decoder.GetLogits(sequence.LogitsIndex!.Value) : default;
                end = sequence.Advance(logits, counters.DecodeSteps);
                if (end?.StopToken is null)
                {
                    counters.Generated();
                }
            }
            while (end is null && sequence.AcceptDraftToken());

            if (sequence.EndDraft(drafts, _members.Count, out int length))
            {
                sequences.Rewind(sequence, length);
            }

            if (end is null)
            {
                sequence.Report();
            }

            return end;
        }
        catch (Exception exception)
        {
            return SequenceEnd.Failed(exception);
        }
    }
}
