using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class BatchSchedulerBurstTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Submit_TwoAfterIdle_StartInOneStep()
    {
        ScriptedDecoder decoder = Decoder(step: TimeSpan.FromMilliseconds(20));
        await using (BatchScheduler scheduler = Scheduler(decoder, gap: Limit * 2)) // waiting ends when both slots are taken
        {
            await RunAsync(scheduler, prompt: 3); // measures the duration of a step
            int seen = decoder.Batches.Count;

            await Task.WhenAll(RunAsync(scheduler, prompt: 3), RunAsync(scheduler, prompt: 3)).WaitAsync(Limit);

            Assert.Equal(6, decoder.Batches[seen].Length);
        }

        Assert.Empty(decoder.Violations);
    }

    [Fact]
    public async Task Submit_OneAfterIdle_WaitsForFurtherOnesOnlyForTheGap()
    {
        ScriptedDecoder decoder = Decoder(step: TimeSpan.FromMilliseconds(20));
        await using BatchScheduler scheduler = Scheduler(decoder, gap: TimeSpan.FromMilliseconds(1));

        for (int i = 0; i < 3; i++)
        {
            await RunAsync(scheduler, prompt: 3).WaitAsync(Limit);
        }
    }

    [Fact]
    public async Task Submit_OneWithShortSteps_DoesNotWait()
    {
        ScriptedDecoder decoder = Decoder(step: TimeSpan.FromMilliseconds(4));
        await using BatchScheduler scheduler = Scheduler(decoder, gap: Limit * 2);

        for (int i = 0; i < 3; i++)
        {
            await RunAsync(scheduler, prompt: 3).WaitAsync(Limit);
        }
    }

    private ScriptedDecoder Decoder(TimeSpan step) => new()
    {
        SequenceCapacity = 2,
        NextToken = held =>
        {
            _time.Advance(step / 2); // a step of two sequences takes twice as long
            return (held[^1] + 1) % 200;
        },
    };

    private BatchScheduler Scheduler(ScriptedDecoder decoder, TimeSpan gap) =>
        new(decoder, new ScriptedTokenizer(), "model", new BatchSchedulerOptions { Time = _time, BurstGap = gap });

    private static async Task RunAsync(BatchScheduler scheduler, int prompt)
    {
        var observer = new RecordingObserver();
        scheduler.Submit(new SequenceRequest
        {
            Prompt = [.. Enumerable.Repeat(5, prompt)],
            MaxTokens = 3,
            UsesPrefixCache = false,
            Observer = observer,
        });
        Assert.Equal(SequenceEndReason.Length, (await observer.EndAsync()).Reason);
    }
}
