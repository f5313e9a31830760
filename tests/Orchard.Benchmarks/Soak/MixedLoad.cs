using Orchard.Benchmarks.Models;

namespace Orchard.Benchmarks.Soak;

/// <summary>Callers that go on and on: short and long questions and answers, greedy and not, some left before the end.</summary>
internal sealed class MixedLoad(Client client, ModelUnderTest model, int callers)
{
    private const int Seed = 1;
    private const int LongestQuestion = 200;
    private const int LongestAnswer = 64;

    private long _deltas;

    /// <summary>How many have come so far.</summary>
    public long Deltas => Interlocked.Read(ref _deltas);

    /// <summary>Goes on until cancelled; cancellation also ends what is under way.</summary>
    /// <exception cref="OrchardException">A call failed.</exception>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(new Random(Seed + caller), stop), CancellationToken.None)));

    private async Task CallAsync(Random random, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await AskAsync(random, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task AskAsync(Random random, CancellationToken stop)
    {
        string question = new([.. Enumerable.Range(0, random.Next(5, LongestQuestion)).Select(_ => random.Next(6) == 0 ? ' ' : (char)('a' + random.Next(26)))]);
        var options = new GenerationOptions { MaxOutputTokens = random.Next(1, LongestAnswer), Temperature = random.Next(2), Seed = (uint)random.Next() };
        int patience = random.Next(5) == 0 ? random.Next(1, LongestAnswer) : int.MaxValue;
        await foreach (ChatDelta _ in client.ChatStreamAsync(model.Path, question, options, stop))
        {
            Interlocked.Increment(ref _deltas);
            if (--patience == 0)
            {
                break;
            }
        }
    }
}
