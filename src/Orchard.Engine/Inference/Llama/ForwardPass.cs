using Orchard.Engine.Inference.Media;
using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Llama;

/// <summary>Decodes batches, splitting them if that is faster, and locates their logits. Not thread-safe.</summary>
/// <remarks>
/// Adjacent sequences with one token each are decoded separately from sequences with several tokens. The library would split such a batch
/// anyway, into the first token of each sequence and the rest, and all tokens would attend over as many cells as the longest sequence has:
/// a long prompt would slow down the other sequences by its whole length.
/// </remarks>
/// <param name="context">The context to decode with.</param>
/// <param name="threads">The threads to decode with.</param>
/// <param name="vocabularySize">Number of logits per token.</param>
/// <param name="batchCapacity">Maximum number of tokens per batch.</param>
internal sealed class ForwardPass(GrowingContext context, ComputeThreads threads, int vocabularySize, int batchCapacity)
{
    private const int FirstKept = -1;
    private const int None = int.MinValue;
    private const int GridDimensions = 4;

    private readonly LlamaBatchBuffer _buffer = new(batchCapacity);

    // For each token of the last batch, where its logits are: at an index in the native context, at FirstKept and below in _kept, or
    // nowhere.
    private readonly int[] _logitsIndices = new int[batchCapacity];
    private LlamaEmbeddingBatch? _embeddings;
    private LlamaContextHandle? _logitsContext;
    private float[] _kept = [];
    private int _decoded;

    /// <summary>Whether each sequence is decoded separately (default: false).</summary>
    public bool IsApart { get; set; }

    /// <summary>Returns whether another part of the engine computes at the moment; null if none does.</summary>
    public Func<bool>? IsProcessorTaken { get; set; }

    /// <summary>Decodes a valid batch for which the context has room.</summary>
    /// <exception cref="DecodeException">The native decode failed.</exception>
    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        _decoded = batch.Length;
        _logitsContext = context.Current;
        if (IsApart)
        {
            DecodeApart(batch);
        }
        else if (IsWorthSplitting(batch))
        {
            // The part with fewer logits first, because its logits must be copied.
            Decode(batch, static (batch, i) => !IsSingle(batch, i));
            KeepLogits(batch, 0, static (batch, i) => !IsSingle(batch, i));
            Decode(batch, IsSingle);
        }
        else
        {
            Decode(batch, static (_, _) => true);
        }
    }

    /// <summary>Decodes valid embeddings of an image or sound for which the context has room.</summary>
    /// <exception cref="DecodeException">The native decode failed.</exception>
    public void Decode(MediaBatch batch)
    {
        LlamaContextHandle current = context.Current;
        MediaChunk chunk = batch.Chunk;
        int dimensions = chunk.Grid is null ? 1 : GridDimensions;
        LlamaEmbeddingBatch embeddings = _embeddings ??= new LlamaEmbeddingBatch(batchCapacity, GridDimensions);
        _decoded = batch.Count;
        _logitsContext = current;
        _logitsIndices.AsSpan(0, batch.Count).Fill(None);
        int status;
        chunk.Embeddings.Hold();
        try
        {
            embeddings.Set(chunk.Embeddings.Memory, batch.First, batch.Count, chunk.Width, batch.Slot);
            FillPositions(batch, embeddings.Positions(dimensions));
            if (batch.NeedsLogits)
            {
                embeddings.RequestLogits(batch.Count - 1);
                _logitsIndices[batch.Count - 1] = batch.Count - 1;
            }

            current.SetCausal(!chunk.IsNonCausal);
            status = Run(embeddings, batch.Count);
        }
        finally
        {
            current.SetCausal(true);
            chunk.Embeddings.Release();
        }

        ThrowIfFailed(status, batch.Count);
    }

    /// <summary>Returns the logits of a token of the last batch. They are valid until the next decode or until the context grows.</summary>
    /// <exception cref="InvalidOperationException">The token has no logits.</exception>
    public Span<float> GetLogits(int batchIndex)
    {
        bool isDecoded = (uint)batchIndex < (uint)_decoded && _logitsContext == context.Current;
        int index = isDecoded ? _logitsIndices[batchIndex] : None;
        Span<float> logits = index switch
        {
            None => default,
            < 0 => _kept.AsSpan((FirstKept - index) * vocabularySize, vocabularySize),
            _ => context.Current.GetLogits(index),
        };
        return !logits.IsEmpty
            ? logits
            : throw new InvalidOperationException(
                $"Token {batchIndex} of the last batch has no logits: it is not in the batch or did not request them.");
    }

    private void DecodeApart(ReadOnlySpan<BatchToken> batch)
    {
        int kept = 0;
        for (int start = 0, end; start < batch.Length; start = end)
        {
            int slot = batch[start].Slot;
            for (end = start + 1; end < batch.Length && batch[end].Slot == slot;)
            {
                end++;
            }

            Decode(batch, (batch, i) => batch[i].Slot == slot);
            if (end < batch.Length)
            {
                kept = KeepLogits(batch, kept, (batch, i) => batch[i].Slot == slot);
            }
        }
    }

    // Splitting pays off only if the single tokens are in adjacent slots. Each gap costs a pass over the weights.
    private static bool IsWorthSplitting(ReadOnlySpan<BatchToken> batch)
    {
        int last = -1;
        int singles = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            if (IsSingle(batch, i))
            {
                if (singles++ > 0 && batch[i].Slot != last + 1)
                {
                    return false;
                }

                last = batch[i].Slot;
            }
        }

        return singles > 0 && singles < batch.Length;
    }

    private static bool IsSingle(ReadOnlySpan<BatchToken> batch, int index) =>
        (index == 0 || batch[index - 1].Slot != batch[index].Slot)
        && (index == batch.Length - 1 || batch[index + 1].Slot != batch[index].Slot);

    private void Decode(ReadOnlySpan<BatchToken> batch, Func<ReadOnlySpan<BatchToken>, int, bool> isIncluded)
    {
        _buffer.Clear();
        int count = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            if (isIncluded(batch, i))
            {
                BatchToken token = batch[i];
                _buffer.Add(token.Token, token.Position, token.Slot, token.NeedsLogits);
                _logitsIndices[i] = token.NeedsLogits ? count : None;
                count++;
            }
        }

        ThrowIfFailed(Run(_buffer, count), batch.Length);
    }

    private int Run(ILlamaBatch batch, int tokens) =>
        threads.Decode(context.Current, batch, tokens, context.IsGrowing || IsProcessorTaken?.Invoke() == true);

    // In time, rows and columns, all of each together. The library does not use the fourth dimension.
    private static void FillPositions(MediaBatch batch, Span<int> positions)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            int token = batch.First + i;
            if (batch.Chunk.Grid is not { } grid)
            {
                positions[i] = batch.Position + token;
                continue;
            }

            (int time, int row, int column) = grid[token];
            positions[i] = batch.Position + time;
            positions[batch.Count + i] = batch.Position + row;
            positions[(2 * batch.Count) + i] = batch.Position + column;
            positions[(3 * batch.Count) + i] = 0;
        }
    }

    private static void ThrowIfFailed(int status, int tokens)
    {
        if (status != LlamaStatus.Success)
        {
            throw new DecodeException(
                $"Decoding {tokens:N0} tokens failed: {LlamaStatus.Describe(status)} (llama_decode returned {status}).");
        }
    }

    // The next decode overwrites the logits. Returns how many rows are kept then.
    private int KeepLogits(ReadOnlySpan<BatchToken> batch, int row, Func<ReadOnlySpan<BatchToken>, int, bool> isIncluded)
    {
        for (int i = 0; i < batch.Length; i++)
        {
            if (isIncluded(batch, i) && batch[i].NeedsLogits)
            {
                if (_kept.Length < (row + 1) * vocabularySize)
                {
                    Array.Resize(ref _kept, (row + 1) * vocabularySize);
                }

                context.Current.GetLogits(_logitsIndices[i]).CopyTo(_kept.AsSpan(row * vocabularySize));
                _logitsIndices[i] = FirstKept - row++;
            }
        }

        return row;
    }
}
