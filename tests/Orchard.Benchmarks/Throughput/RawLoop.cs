using System.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;

namespace Orchard.Benchmarks.Throughput;

/// <summary>
/// The limit: the native library's decode called in a row with the same batches, in this process, and nothing else. Which token comes
/// next is not looked at.
/// </summary>
internal sealed class RawLoop : IDisposable
{
    private const int CellsAtATime = 256; // the library rounds to that
    private const int BatchCapacity = 512;

    private readonly LlamaDecoder _decoder;
    private readonly List<BatchToken> _batch = [];

    /// <param name="model">The model.</param>
    /// <param name="streams">The most that will run at once.</param>
    /// <param name="length">The longest of them, prompt and answer.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="unifiedCache">Whether the streams share one pool of cells.</param>
    /// <param name="flashAttention">Whether flash attention may be used; null for what the engine would do.</param>
    public RawLoop(LlamaModel model, int streams, int length, int threads, bool unifiedCache = false, bool? flashAttention = null)
    {
        Threads = threads;
        var options = new DecoderOptions
        {
            SequenceCapacity = streams,
            ContextLength = (length + CellsAtATime - 1) / CellsAtATime * CellsAtATime,
            BatchCapacity = BatchCapacity,
            Threads = threads,
            FlashAttention = flashAttention ?? DecoderPlan.ForThisMachine(model.Header).FlashAttention,
            UnifiedKeyValueCache = unifiedCache,
        };
        _decoder = new LlamaDecoder(model, options);
    }

    public int Threads { get; }

    /// <summary>All prompts, then all answers a token each at a time.</summary>
    public (double PrefillMilliseconds, double TotalMilliseconds) Run(int streams, int promptTokens, int tokens)
    {
        long started = Stopwatch.GetTimestamp();
        Prefill(0, streams, promptTokens);
        double prefill = Stopwatch.GetElapsedTime(started).TotalMilliseconds;

        // The prompts' last logits are the first tokens.
        for (int step = 1; step < tokens; step++)
        {
            for (int stream = 0; stream < streams; stream++)
            {
                Add(promptTokens + step - 1, stream, needsLogits: true);
            }

            Decode();
        }

        double total = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        for (int stream = 0; stream < streams; stream++)
        {
            _decoder.ClearSequence(stream);
        }

        return (prefill, total);
    }

    /// <summary>The prompts of so many streams from one on, which then hold them.</summary>
    public void Prefill(int from, int streams, int promptTokens)
    {
        for (int stream = from; stream < from + streams; stream++)
        {
            for (int position = 0; position < promptTokens; position++)
            {
                Add(position, stream, needsLogits: position == promptTokens - 1);
            }
        }

        Decode();
    }

    public void Dispose() => _decoder.Dispose();

    private void Add(int position, int stream, bool needsLogits)
    {
        _batch.Add(new BatchToken(((position * 31) + (stream * 17)) % _decoder.VocabularySize, position, stream, needsLogits));
        if (_batch.Count == BatchCapacity)
        {
            Decode();
        }
    }

    private void Decode()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        _decoder.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_batch));
        if (_batch[^1].NeedsLogits)
        {
            _ = _decoder.GetLogits(_batch.Count - 1); // waits for the computation, should the library defer it
        }

        _batch.Clear();
    }
}
