using Orchard.Cli.Output;

namespace Orchard.Cli.Bench;

/// <summary>Measures a model: tokens per second and the time to the first token, with several streams at once.</summary>
/// <param name="client">The client.</param>
/// <param name="model">The model, which is loaded.</param>
/// <param name="time">The clock.</param>
internal sealed class Benchmark(Client client, string model, TimeProvider time)
{
    /// <summary>What every stream is asked, with its number in front, so that no stream finds the prompt of another in the cache.</summary>
    public required string Prompt { get; init; }

    /// <summary>Number of tokens of each answer.</summary>
    public required int Tokens { get; init; }

    private int _asked;

    /// <summary>Number of tokens of the last prompt.</summary>
    public int PromptTokens { get; private set; }

    /// <summary>Measures a number of streams.</summary>
    public async Task<BenchRun> MeasureAsync(int streams, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        StreamTimes[] measured = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => AskAsync(start, cancellationToken)))
            .ConfigureAwait(false);
        TimeSpan first = measured.Min(stream => stream.First);
        TimeSpan[] firsts = [.. measured.Select(stream => stream.First).Order()];
        int tokens = measured.Sum(stream => stream.Tokens);
        double seconds = (measured.Max(stream => stream.Last) - first).TotalSeconds;
        return new BenchRun
        {
            Streams = streams,
            Tokens = tokens,
            TokensPerSecond = seconds > 0 ? Math.Round(tokens / seconds, 1) : 0,
            FirstTokenMs = Math.Round(firsts[firsts.Length / 2].TotalMilliseconds, 1),
            SlowestFirstTokenMs = Math.Round(firsts[^1].TotalMilliseconds, 1),
        };
    }

    private async Task<StreamTimes> AskAsync(long start, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _asked);
        var options = new GenerationOptions
        {
            MaxOutputTokens = Tokens,
            IgnoreEndOfSequence = true,
            Temperature = 0,
            UsePrefixCache = false,
        };
        IAsyncEnumerable<ChatDelta> deltas = client.ChatStreamAsync(model, $"{number}. {Prompt}", options, cancellationToken);
        TimeSpan? first = null;
        TimeSpan last = default;
        Usage usage = default;
        await foreach (ChatDelta delta in deltas.ConfigureAwait(false))
        {
            if (delta.Error is { } error)
            {
                throw error;
            }

            last = time.GetElapsedTime(start);
            first ??= last;
            usage = delta.Usage ?? usage;
        }

        PromptTokens = usage.PromptTokens;
        return new StreamTimes(first ?? last, last, usage.CompletionTokens);
    }

    /// <summary>When a stream had its first and its last token.</summary>
    private sealed record StreamTimes(TimeSpan First, TimeSpan Last, int Tokens);
}
