using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Scheduling.Speculation;

namespace Orchard.Engine.Scheduling;

/// <summary>Composes and decodes the batches of one round, and measures them. Not thread-safe.</summary>
internal sealed class DecodeRound : IDisposable
{
    // Prompt tokens per step of a deterministic sequence, regardless of other work.
    private const int DeterministicPrefill = 32;

    // An image is in no hurry, and the time of a second pass in a round varies more: with twice the usual time as the target, the slowest
    // of a hundred rounds took more than three times.
    private const double MediaSlowdown = 1.7;

    private readonly IDecoder _decoder;
    private readonly SequenceTable _sequences;
    private readonly CacheGrowth _cache;
    private readonly DecodeBatch _batch;
    private readonly BatchPlan _plan;
    private readonly PromptAlignment _alignment;
    private readonly DecodeStepTime _decodeStep = new();
    private readonly PrefillBudget _prefill;
    private readonly PrefillBudget _mediaPrefill;
    private readonly DraftControl _drafts;
    private readonly DraftModel? _draftModel;
    private readonly List<Sequence> _undrafted = [];
    private readonly SequenceLoad[] _loads;
    private readonly List<AdapterSet?> _adapterSets = [];
    private readonly int _deterministicPrefill;
    private readonly bool _speculates;
    private readonly TimeProvider _time;
    private bool _decodesText; // whether prompts without images and sound are in the round
    private bool _decodesMedia;
    private long _started;
    private bool _wasSlowed; // when the step began
    private bool _isMeasured; // whether all the work of the round is that of one batch of sequences that generate

    public DecodeRound(
        IDecoder decoder, SequenceTable sequences, CacheGrowth cache, SchedulerCounters counters, BatchSchedulerOptions options)
    {
        _decoder = decoder;
        _sequences = sequences;
        _cache = cache;
        DraftModelCost? cost = null;
        if (options.DraftModel is { } draft)
        {
            cost = new DraftModelCost(decoder.SequenceCapacity, draft.RelativeSize);
            _draftModel = new DraftModel(
                draft.Decoder, cost, draft.Vocabulary, decoder.SequenceCapacity, decoder.VocabularySize, options.Time);
        }

        _drafts = new DraftControl(decoder.SequenceCapacity, cost);
        _batch = new DecodeBatch(decoder, sequences, counters, _drafts, options.Time);
        _plan = new BatchPlan(decoder.SequenceCapacity, decoder.BatchCapacity);
        _alignment = new PromptAlignment(decoder.SequenceCapacity);
        _prefill = new PrefillBudget(options.MaxPrefillTokensPerStep, _decodeStep);
        _mediaPrefill = new PrefillBudget(options.MaxPrefillTokensPerStep, _decodeStep, MediaSlowdown, unnoticed: TimeSpan.Zero);
        _loads = new SequenceLoad[decoder.SequenceCapacity];
        _deterministicPrefill = Math.Min(DeterministicPrefill, decoder.BatchCapacity);
        _speculates = options.Speculates && decoder.CanRewind;
        _time = options.Time;
    }

    /// <summary>Duration of a step without prompt tokens; zero if unknown.</summary>
    public TimeSpan DecodeStepTime => _decodeStep.Value;

    /// <summary>
    /// Decodes one batch for each set of adapters, then images and sounds, then one batch for each deterministic sequence.
    /// </summary>
    public void Decode()
    {
        _started = _time.GetTimestamp();
        _isMeasured = false;
        CollectAdapterSets();
        ChoosePrompts();
        foreach (AdapterSet? adapters in _adapterSets)
        {
            DecodeShared(adapters);
        }

        if (_decodesMedia)
        {
            DecodeMedia();
        }

        DecodeDeterministic();
    }

    /// <summary>Records how long the round took, with all that was done with its tokens.</summary>
    public void Complete()
    {
        // The end of a sequence takes time as well, which is not the round's.
        if (_isMeasured && _batch.Sequences == _sequences.Running.Count)
        {
            TimeSpan elapsed = _time.GetElapsedTime(_started) - (_draftModel?.Reading ?? TimeSpan.Zero);
            _drafts.Record(_batch.Sequences, _batch.Drafts, _batch.DraftTokens, elapsed, _draftModel?.Drafting ?? TimeSpan.Zero);
        }
        else
        {
            _drafts.Skip();
        }
    }

    public void Dispose() => _draftModel?.Dispose();

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

    // While other sequences decode, texts and images take turns, because each of them may already double the time of a round.
    private void ChoosePrompts()
    {
        bool hasText = false;
        bool hasMedia = false;
        foreach (Sequence sequence in _sequences.Running)
        {
            if (sequence is { IsDeterministic: false, State: SequenceState.Prefilling })
            {
                hasText |= sequence.NextMedia is null;
                hasMedia |= sequence.NextMedia is not null;
            }
        }

        bool takesTurns = hasText && hasMedia && AreOthersProtected();
        _decodesMedia = hasMedia && !(takesTurns && _decodesMedia);
        _decodesText = !(takesTurns && _decodesMedia);
    }

    private void DecodeShared(AdapterSet? adapters)
    {
        _wasSlowed = _decoder.IsSlowed;
        int count = 0;
        foreach (Sequence sequence in _sequences.Running)
        {
            if (!sequence.IsDeterministic && sequence.Adapters == adapters && _cache.HasRoom(sequence) && sequence.NextMedia is null
                && (_decodesText || sequence.State == SequenceState.Decoding))
            {
                _loads[count++] = sequence.Load;
            }
        }

        // In slot order, because the library decodes sequences together only if their slots are consecutive and ascending.
        ReadOnlySpan<SequenceLoad> loads = _loads.AsSpan(0, count);
        int prefill = AreOthersProtected() ? _prefill.Tokens : _decoder.BatchCapacity;
        Span<int> shares = _plan.Next(loads, prefill);
        _alignment.Align(loads, shares, prefill == _decoder.BatchCapacity ? prefill : null);
        bool generate = !_decodesMedia && AllGenerate(shares);
        if (_speculates)
        {
            Draft(shares, count, generate);
        }

        _batch.Clear();
        for (int slot = 0; slot < shares.Length; slot++)
        {
            if (shares[slot] > 0)
            {
                Sequence sequence = _sequences.InSlot(slot);
                _batch.Add(sequence, shares[slot], sequence.Drafted.Length);
            }
        }

        if (_batch.Length > 0 && _batch.TryDecode())
        {
            Record();
            _batch.Advance();
        }
    }

    // A batch consists either of tokens or of embeddings. While other sequences decode, there is one batch of embeddings in a round, of the
    // sequence that started first.
    private void DecodeMedia()
    {
        TimeSpan shared = _batch.DecodeTime;
        bool isAlone = _batch.PromptTokens == 0;
        int decoding = CountDecoding();
        foreach (Sequence sequence in _sequences.Running)
        {
            if (sequence is { IsDeterministic: false, State: SequenceState.Prefilling, NextMedia: { } span } && _cache.HasRoom(sequence))
            {
                DecodeMedia(sequence, span, decoding > 0 && AreOthersProtected() ? _mediaPrefill.Tokens : _decoder.BatchCapacity);
                if (decoding > 0)
                {
                    if (isAlone)
                    {
                        _mediaPrefill.Record(_batch.PromptTokens, decoding, shared + _batch.DecodeTime);
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
    private bool AreOthersProtected()
    {
        Sequence? oldestPrompt = _sequences.Running.Find(
            static sequence => sequence is { State: SequenceState.Prefilling, IsDeterministic: false });
        foreach (Sequence sequence in _sequences.Running)
        {
            if (sequence.FirstTokenStep <= oldestPrompt?.SubmittedStep)
            {
                return true;
            }
        }

        return false;
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

    private void Draft(ReadOnlySpan<int> shares, int running, bool generate)
    {
        _draftModel?.Clear();
        _undrafted.Clear();
        var room = new DraftRoom(_decoder, shares);
        for (int slot = 0; slot < shares.Length; slot++)
        {
            if (shares[slot] > 0 && _sequences.InSlot(slot) is var sequence && (generate || sequence.Completes(shares[slot])))
            {
                int most = Math.Min(room.Max, _cache.DraftRoom(sequence));
                int drafted = sequence.Draft(_sequences.CachedTokens(sequence), most, _drafts, running);
                room.Take(drafted, sequence.Drafted.UncertainTokens);
                if (drafted == 0 && generate && sequence.Media is null)
                {
                    _undrafted.Add(sequence);
                }
            }
        }

        if (_draftModel is { Failure: null } model && _undrafted.Count > 0)
        {
            DraftWith(model, room.Max / _undrafted.Count, running);
        }
    }

    private void DraftWith(DraftModel model, int max, int running)
    {
        if (!_drafts.MayDraft(running, out bool isTrial))
        {
            return;
        }

        int added = 0;
        foreach (Sequence sequence in _undrafted)
        {
            int most = Math.Min(Math.Min(max, _cache.DraftRoom(sequence)), sequence.MaxDraft);
            if (most > 0
                && model.BacklogOf(sequence.Slot, _sequences.CachedTokens(sequence), sequence.NewestToken) is { } backlog
                && _drafts.MayRead(backlog, running, isTrial))
            {
                model.Add(sequence, most);
                added++;
            }
        }

        if (isTrial && added < _undrafted.Count)
        {
            model.Clear(); // drafts for some would show nothing about drafts for all
        }

        model.Run(_sequences, _drafts, running, isTrial);
    }

    private void Record()
    {
        if (_cache.IsGrowing)
        {
            return; // steps are slower while a larger KV cache is being allocated
        }

        // Steps beside an image that is being encoded are no measure for those after it.
        bool isSlowed = _wasSlowed || _decoder.IsSlowed;
        if (_batch.Drafts == 0 && _batch.PromptTokens > 0)
        {
            _prefill.Record(_batch.PromptTokens, _batch.Length - _batch.PromptTokens, _batch.DecodeTime);
        }
        else if (_batch.Drafts == 0 && !isSlowed)
        {
            _decodeStep.Record(_batch.DecodeTime, _decodesMedia);
        }

        _isMeasured = !isSlowed && _batch.PromptTokens == 0 && _batch.Sequences == _sequences.Running.Count;
    }
}
