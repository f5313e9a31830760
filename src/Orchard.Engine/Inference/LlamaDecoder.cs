using Orchard.Engine.Native;

namespace Orchard.Engine.Inference;

/// <summary>The decoder over llama.cpp: one native context with a KV cache of its own for each sequence.</summary>
internal sealed class LlamaDecoder : IDecoder
{
    private readonly LlamaContextHandle _context;
    private readonly LlamaBatchBuffer _batch;
    private readonly SamplerScratch _scratch;
    private readonly LlamaModelHandle _model;

    /// <summary>Allocates the KV cache and the compute buffers.</summary>
    /// <param name="model">Kept alive by this decoder, whoever disposes first.</param>
    /// <param name="options">What to allocate.</param>
    /// <exception cref="DecodeException">The library could not allocate it.</exception>
    public LlamaDecoder(LlamaModel model, DecoderOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SequenceCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SequenceCapacity, LlamaContextHandle.MaxSequences);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ContextLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchCapacity, options.SequenceCapacity);

        VocabularySize = model.VocabularySize;
        _model = model.Handle;
        _context = LlamaContextHandle.Create(
            model.Handle, options.SequenceCapacity, options.ContextLength, options.BatchCapacity, options.Threads, out string problem);
        if (_context.IsInvalid)
        {
            throw new DecodeException(
                $"llama.cpp could not allocate a KV cache for {options.SequenceCapacity:N0} sequences of {options.ContextLength:N0} tokens "
                + $"({model.Header.KeyValueBytesPerToken:N0} bytes a token). {problem}Lower the number of sequences or the context length.");
        }

        SequenceCapacity = _context.SequenceCapacity;
        ContextLength = _context.SequenceContextLength;
        BatchCapacity = _context.BatchCapacity;
        _batch = new LlamaBatchBuffer(BatchCapacity);
        _scratch = new SamplerScratch(VocabularySize);
    }

    public int SequenceCapacity { get; }

    /// <summary>Tokens one sequence may hold, as the library allocated them: rounded up from what was asked for.</summary>
    public int ContextLength { get; }

    public int BatchCapacity { get; }

    public int VocabularySize { get; }

    internal LlamaContextHandle Handle => _context;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A token, position or slot is out of range, or the batch is empty, too large or asks for too many logits.</exception>
    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        Fill(batch);
        int status = _context.Decode(_batch);
        if (status != LlamaStatus.Success)
        {
            throw new DecodeException($"Decoding {batch.Length:N0} tokens failed: {LlamaStatus.Describe(status)} (llama_decode returned {status}).");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">That token did not ask for logits.</exception>
    public Span<float> GetLogits(int batchIndex)
    {
        Span<float> logits = _context.GetLogits(batchIndex);
        return !logits.IsEmpty
            ? logits
            : throw new InvalidOperationException($"Token {batchIndex} of the last batch has no logits: it is not in the batch or did not ask for them.");
    }

    public void ClearSequence(int slot)
    {
        CheckSlot(slot);
        _context.RemoveSequence(slot);
    }

    public bool TrimSequence(int slot, int length)
    {
        CheckSlot(slot);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > 0 && _context.TrimSequence(slot, length))
        {
            return true;
        }

        _context.RemoveSequence(slot);
        return length == 0;
    }

    public bool CopySequence(int source, int destination, int length)
    {
        CheckSlot(source);
        CheckSlot(destination);
        ArgumentOutOfRangeException.ThrowIfEqual(source, destination);
        _context.CopySequence(source, destination);
        return TrimSequence(destination, length);
    }

    public ISampler CreateSampler(SamplingParameters parameters) => SamplerFactory.Create(parameters, _scratch, _model);

    public void Dispose() => _context.Dispose();

    private void CheckSlot(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, SequenceCapacity);
    }

    /// <summary>Checks what the library would answer with a mere "invalid" or with an abort.</summary>
    private void Fill(ReadOnlySpan<BatchToken> batch)
    {
        if (batch.IsEmpty || batch.Length > BatchCapacity)
        {
            throw new ArgumentException($"A batch holds 1 to {BatchCapacity:N0} tokens; this one has {batch.Length:N0}.", nameof(batch));
        }

        _batch.Clear();
        int outputs = 0;
        foreach (BatchToken token in batch)
        {
            if ((uint)token.Token >= (uint)VocabularySize
                || (uint)token.Position >= (uint)ContextLength
                || (uint)token.Slot >= (uint)SequenceCapacity)
            {
                throw new ArgumentException(
                    $"{token} is out of range: tokens are below {VocabularySize:N0}, positions below {ContextLength:N0}, slots below {SequenceCapacity:N0}.",
                    nameof(batch));
            }

            outputs += token.NeedsLogits ? 1 : 0;
            _batch.Add(token.Token, token.Position, token.Slot, token.NeedsLogits);
        }

        if (outputs > SequenceCapacity)
        {
            throw new ArgumentException($"At most {SequenceCapacity:N0} tokens of a batch may need logits; here {outputs:N0} do.", nameof(batch));
        }
    }
}
