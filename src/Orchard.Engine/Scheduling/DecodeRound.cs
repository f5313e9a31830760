using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Scheduling.Speculation;

namespace Orchard.Engine.Scheduling;

/// <summary>Composes and decodes the batches of one round, and measures them. Not thread-safe.</summary>
internal sealed class DecodeRound
{
    // Prompt tokens per step of a deterministic sequence, regardless of other work.
    private const int DeterministicPrefill = 32;

    private readonly IDecoder _decoder;
    private readonly SequenceTable _sequences;
    private readonly CacheGrowth _cache;
    private readonly DecodeBatch _batch;
    private readonly BatchPlan _plan;
    private readonly PromptAlignment _alignment;
    private readonly PrefillBudget _prefill;
    private readonly DraftControl _drafts;
    private readonly SequenceLoad[] _loads;
    private readonly List<AdapterSet?> _adapterSets = [];
    private readonly int _deterministicPrefill;
    private readonly bool _speculates;

    public DecodeRound(
        IDecoder decoder, SequenceTable sequences, CacheGrowth cache, SchedulerCounters counters, BatchSchedulerOptions options)
    {
        _decoder = decoder;
        _sequences = sequences;
        _cache = cache;
        _drafts = new DraftControl(decoder.SequenceCapacity);
        _batch = new DecodeBatch(decoder, sequences, counters, _drafts, options.Time);
        _plan = new BatchPlan(decoder.SequenceCapacity, decoder.BatchCapacity);
        _alignment = new PromptAlignment(decoder.SequenceCapacity);
        _prefill = new PrefillBudget(options.MaxPrefillTokensPerStep);
        _loads = new SequenceLoad[decoder.SequenceCapacity];
        _deterministicPrefill = Math.Min(DeterministicPrefill, decoder.BatchCapacity);
        _speculates = options.Speculates && decoder.CanRewind;
    }

    /// <summary>Duration of a step without prompt tokens; zero if unknown.</summary>
    public TimeSpan DecodeStepTime => _prefill.DecodeStepTime;

    /// <summary>
    /// Decodes one batch for each set of adapters, then images and sounds, then one batch for each deterministic sequence.
    /// </summary>
    public void Decode()
    {
        CollectAdapterSets();
        foreach (AdapterSet? adapters in _adapterSets)
        {
            DecodeShared(adapters);
        }

        if (_sequences.Running.Exists(static sequence => sequence.NextMedia is not null))
        {
            DecodeMedia();
        }

        DecodeDeterministic();
    }

    // A forward pass uses one set of adapters. There is nearly always just one set: no adapters.
    private void CollectAdapterSets()
    {
        _adapterSets.Clear();
        foreach (Sequence sequence in _sequences.Running)
        {
            if (!sequence.IsDeterministic && !_adapterSets.Contains(sequence.Adapters))
            {
                _adapterSets.Add(sequence.Adapters);
            }
        }
    }

    private void DecodeShared(AdapterSet? adapters)
    {
        int count = 0;
        foreach (Sequence sequence in _sequences.Running)
        {
            if (!sequence.IsDeterministic && sequence.Adapters == adapters && _cache.HasRoom(sequence) && sequence.NextMedia is null)
            {
                _loads[count++] = sequence.Load;
            }
        }

        // In slot order, because the library decodes sequences together only if their slots are consecutive and ascending.
        ReadOnlySpan<SequenceLoad> loads = _loads.AsSpan(0, count);
        int prefill = PrefillTokens();
        Span<int> shares = _plan.Next(loads, prefill);
        _alignment.Align(loads, shares, prefill == _decoder.BatchCapacity ? prefill : null);
        bool generate = AllGenerate(shares);
        var room = new DraftRoom(_decoder, shares);
        _batch.Clear();
        for (int slot = 0; slot < shares.Length; slot++)
        {
            if (shares[slot] > 0)
            {
                Sequence sequence = _sequences.InSlot(slot);
                int drafted = _speculates && (generate || sequence.Completes(shares[slot])) ? Draft(sequence, room.Max, count) : 0;
                room.Take(drafted, sequence.DraftOutputs);
                _batch.Add(sequence, shares[slot], drafted);
            }
        }

        if (_batch.Length > 0 && _batch.TryDecode())
        {
            Record();
            _batch.Advance();
        }
    }

    // A batch consists either of tokens or of embeddings. While other sequences decode, there is one batch of embeddings in each round, of
    // the sequence that started first, and as long as prompt tokens may be.
    private void DecodeMedia()
    {
        TimeSpan shared = _batch.DecodeTime;
        bool isAlone = _batch.PromptTokens == 0;
        int decoding = CountDecoding();
        foreach (Sequence sequence in _sequences.Running)
        {
            if (sequence is { IsDeterministic: false, State: SequenceState.Prefilling, NextMedia: { } span } && _cache.HasRoom(sequence))
            {
                DecodeMedia(sequence, span, decoding == 0 ? _decoder.BatchCapacity : PrefillTokens());
                if (decoding > 0)
                {
                    if (isAlone)
                    {
                        _prefill.Record(_batch.PromptTokens, decoding, shared + _batch.DecodeTime);
                    }

                    return;
                }
            }
        }
    }

    private int CountDecoding()
    {
        int count = 0;
        foreach (Sequence sequence in _sequences.Running)
        {
            count += sequence is { IsDeterministic: false, State: SequenceState.Decoding } ? 1 : 0;
        }

        return count;
    }

    private void DecodeMedia(Sequence sequence, MediaSpan span, int most)
    {
        int left = sequence.Load.PromptTokensLeft;
        _batch.Clear();
        _batch.AddMedia(sequence, span, span.Chunk.IsNonCausal ? left : Math.Clamp(left, 1, most));
        if (_batch.TryDecode())
        {
            _batch.Advance();
        }
    }

    private void DecodeDeterministic()
    {
        foreach (Sequence sequence in _sequences.Running)
        {
            if (sequence is { IsDeterministic: true, State: not SequenceState.Ended } && _cache.HasRoom(sequence))
            {
                if (sequence.NextMedia is { } span)
                {
                    DecodeMedia(sequence, span, _deterministicPrefill);
                    continue;
                }

                _batch.Clear();
                _batch.Add(sequence, Math.Clamp(sequence.Load.PromptTokensLeft, 1, _deterministicPrefill));
                if (_batch.TryDecode())
                {
                    _batch.Advance();
                }
            }
        }
    }

    // Sequences that already decode are protected from prompts that arrive later. Prompts that were queued before the first token of all
    // decoding sequences belong to the same burst, and prefilling the whole burst quickly is best for all of them.
    private int PrefillTokens()
    {
        Sequence? oldestPrompt = _sequences.Running.Find(
            static sequence => sequence is { State: SequenceState.Prefilling, IsDeterministic: false });
        foreach (Sequence sequence in _sequences.Running)
        {
            if (sequence.FirstTokenStep <= oldestPrompt?.SubmittedStep)
            {
                return _prefill.Tokens;
            }
        }

        return _decoder.BatchCapacity;
    }

    // What drafts cost is known for batches without prompts. A draft after a prompt is a part of it.
    private bool AllGenerate(ReadOnlySpan<int> shares)
    {
        for (int slot = 0; slot < shares.Length; slot++)
        {
            if (shares[slot] > 0 && _sequences.InSlot(slot).State != SequenceState.Decoding)
            {
                return false;
            }
        }

        return true;
    }

    private int Draft(Sequence sequence, int max, int running) =>
        sequence.Draft(_sequences.CachedTokens(sequence), Math.Min(max, _cache.DraftRoom(sequence)), _drafts, running);

    private void Record()
    {
        if (_cache.IsGrowing)
        {
            _drafts.Skip();
            return; // steps are slower while a larger KV cache is being allocated
        }

        if (_batch.Drafts == 0)
        {
            _prefill.Record(_batch.PromptTokens, _batch.Length - _batch.PromptTokens, _batch.DecodeTime);
        }

        if (_batch.PromptTokens == 0)
        {
            _drafts.Record(_batch.Sequences, _batch.Drafts, _batch.DraftTokens, _batch.DecodeTime);
        }
    }
}
