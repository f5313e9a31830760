using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Llama;

/// <summary>
/// Computes embeddings with llama.cpp, in a separate context from text generation. The context is created on first use, as large as the
/// texts require, and replaced when longer texts or another pooling are requested. Computes one batch at a time.
/// </summary>
internal sealed class LlamaEmbedder(LlamaModel model, int threads, Pooling? defaultPooling = null) : ITextEmbedder
{
    private const int MaxTexts = 64;
    private const int SmallestBatch = 512;
    private const int LargestBatch = 8192;

    private readonly SemaphoreSlim _turn = new(1);
    private LlamaContextHandle? _context;
    private LlamaBatchBuffer? _batch;
    private Pooling? _contextPooling;
    private int _batchTokens;
    private bool _isDisposed;
    private long _steps;

    public long Steps => Volatile.Read(ref _steps);

    public Pooling Pooling => (defaultPooling ?? model.Header.Pooling) switch
    {
        null => Pooling.None,
        Pooling.Rank when !model.Header.HasClassifier => Pooling.None,
        var own => own.Value,
    };

    public int MaxTokens => model.ContextLength > 0 ? Math.Min(model.ContextLength, LargestBatch) : LargestBatch;

    public int[] JoinForRanking(ReadOnlySpan<int> query, ReadOnlySpan<int> document) => model.Handle.JoinForRanking(query, document);

    public async Task EmbedAsync(
        IReadOnlyList<int[]> texts, Pooling? pooling, Action<int, float[]> onComputed, CancellationToken cancellationToken)
    {
        pooling ??= defaultPooling;
        for (int done = 0; done < texts.Count;)
        {
            // Other callers may compute between two batches.
            float[][] vectors;
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                Prepare(texts.Skip(done).Max(text => text.Length), pooling);
                vectors = EmbedBatch(texts, done);
                Volatile.Write(ref _steps, _steps + 1);
            }
            finally
            {
                _turn.Release();
            }

            foreach (float[] vector in vectors)
            {
                onComputed(done++, vector);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _isDisposed = true;
        _context?.Dispose();
        _turn.Release();
    }

    private void Prepare(int longestText, Pooling? requested)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longestText, MaxTokens);
        if (_context is not null && _contextPooling == requested && longestText <= _batchTokens)
        {
            return;
        }

        if ((requested ?? Pooling) is Pooling.None)
        {
            throw new DecodeException("The model does not specify a pooling. Request one.");
        }

        _context?.Dispose();
        _context = null;
        _batchTokens = Math.Max(SmallestBatch, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)longestText));
        LlamaContextHandle context = LlamaContextHandle.CreateForEmbedding(
            model.Handle, MaxTexts, _batchTokens, threads, requested is { } type ? (int)type : -1, out string problem);
        if (context.IsInvalid)
        {
            throw new DecodeException(
                $"llama.cpp could not create a context for embeddings of {longestText:N0} tokens. {problem}Use shorter texts.");
        }

        (_context, _contextPooling, _batch) = (context, requested, new LlamaBatchBuffer(_batchTokens));
    }

    // Computes as many texts as fit into a batch.
    private float[][] EmbedBatch(IReadOnlyList<int[]> texts, int first)
    {
        LlamaContextHandle context = _context!;
        LlamaBatchBuffer batch = _batch!;
        batch.Clear();
        int count = 0;
        for (int tokens = 0; first + count < texts.Count && count < MaxTexts; count++)
        {
            int[] text = texts[first + count];
            tokens += text.Length;
            if (tokens > _batchTokens)
            {
                break;
            }

            for (int position = 0; position < text.Length; position++)
            {
                CheckToken(text[position]);
                batch.Add(text[position], position, count, wantsLogits: true);
            }
        }

        for (int sequence = 0; sequence < count; sequence++)
        {
            context.RemoveSequence(sequence);
        }

        if (context.Decode(batch) is not LlamaStatus.Success and int status)
        {
            throw new DecodeException(
                $"Embedding {count:N0} texts failed: {LlamaStatus.Describe(status)} (llama_decode returned {status}).");
        }

        int length = context.PoolingType == (int)Pooling.Rank ? model.Handle.ClassifierLength : model.Handle.EmbeddingLength;
        var vectors = new float[count][];
        for (int sequence = 0; sequence < count; sequence++)
        {
            ReadOnlySpan<float> vector = context.GetEmbedding(sequence, length);
            vectors[sequence] = !vector.IsEmpty
                ? vector.ToArray()
                : throw new DecodeException("The model returned no embedding for a text.");
        }

        return vectors;
    }

    // The library would abort the process.
    private void CheckToken(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, model.VocabularySize);
    }
}
