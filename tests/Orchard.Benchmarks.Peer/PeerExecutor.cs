using System.Diagnostics;
using System.Numerics.Tensors;
using LLama;
using LLama.Batched;
using LLama.Common;
using LLama.Native;

namespace Orchard.Benchmarks.Peer;

/// <summary>LLamaSharp's batched executor with a model, in this process.</summary>
internal sealed class PeerExecutor : IDisposable
{
    private readonly LLamaWeights _weights;
    private readonly BatchedExecutor _executor;

    private PeerExecutor(LLamaWeights weights, BatchedExecutor executor)
    {
        _weights = weights;
        _executor = executor;
    }

    /// <param name="path">The model file.</param>
    /// <param name="streams">Number of conversations at the same time.</param>
    /// <param name="cells">Number of tokens of each.</param>
    /// <param name="threads">Number of threads that compute.</param>
    public static PeerExecutor Load(string path, int streams, int cells, int threads)
    {
        var parameters = new ModelParams(path)
        {
            ContextSize = (uint)(streams * cells),
            SeqMax = (uint)streams,
            Threads = threads,
            BatchThreads = threads,
        };
        LLamaWeights weights = LLamaWeights.LoadFromFile(parameters);
        return new PeerExecutor(weights, new BatchedExecutor(weights, parameters));
    }

    /// <summary>Continues all prompts greedily, without ending at an end token. Every token becomes text at once, as if it were shown.</summary>
    public async Task<PeerReply> RunAsync(IReadOnlyList<string> prompts, int tokens)
    {
        long started = Stopwatch.GetTimestamp();
        Stream[] streams = [.. prompts.Select(Start)];
        while (Array.Exists(streams, static stream => !stream.Conversation.IsDisposed))
        {
            DecodeResult result = await _executor.Infer();
            if (result != DecodeResult.Ok)
            {
                throw new InvalidOperationException($"LLamaSharp returned {result}.");
            }

            foreach (Stream stream in streams)
            {
                if (!stream.Conversation.IsDisposed && stream.Conversation.RequiresSampling)
                {
                    Advance(stream, tokens, started);
                }
            }
        }

        return new PeerReply(
            Stopwatch.GetElapsedTime(started).TotalMilliseconds, [.. streams.Select(static stream => stream.FirstMilliseconds)]);
    }

    public void Dispose()
    {
        _executor.Dispose();
        _weights.Dispose();
    }

    private Stream Start(string prompt)
    {
        Conversation conversation = _executor.Create();
        conversation.Prompt(_executor.Context.Tokenize(prompt, addBos: true, special: true));
        return new Stream(conversation, new StreamingTokenDecoder(_executor.Context));
    }

    // The most probable token is looked for here: the samplers of the package copy all logits first, which takes longer.
    private static void Advance(Stream stream, int tokens, long started)
    {
        LLamaToken token = TensorPrimitives.IndexOfMax<float>(stream.Conversation.Sample());
        stream.Text.Add(token);
        _ = stream.Text.Read();
        if (stream.Tokens++ == 0)
        {
            stream.FirstMilliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        if (stream.Tokens == tokens)
        {
            stream.Conversation.Dispose();
        }
        else
        {
            stream.Conversation.Prompt(token);
        }
    }

    private sealed class Stream(Conversation conversation, StreamingTokenDecoder text)
    {
        public Conversation Conversation { get; } = conversation;

        public StreamingTokenDecoder Text { get; } = text;

        public int Tokens { get; set; }

        public double FirstMilliseconds { get; set; }
    }
}
