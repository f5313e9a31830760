using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Decodes that are slowed for a while, by an image that is encoded, for example.</summary>
public sealed class SlowedDecoderTests
{
    private const double Usual = 20; // ms per step
    private const double Slowed = 60;
    private const double PerPromptToken = 2;
    private const int SlowFrom = 20;
    private const int SlowUntil = 60;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task PromptAfterIt_DelaysOthersNoMoreThanUsual()
    {
        var time = new FakeTimeProvider();
        var other = new RecordingObserver();
        double slowest = 0;
        int steps = 0;
        ScriptedDecoder decoder = null!;
        BatchScheduler scheduler = null!;
        decoder = new ScriptedDecoder
        {
            ContextLength = 2_048,
            BatchCapacity = 512,
            NextToken = static held => held.Count % 10,
            Decoding = batch =>
            {
                int prompt = batch.Length - 1;
                double taken = (decoder.IsSlowed ? Slowed : Usual) + (PerPromptToken * prompt);
                slowest = steps > SlowUntil ? Math.Max(slowest, taken) : 0;
                time.Advance(TimeSpan.FromMilliseconds(taken));
                steps++;
                decoder.IsSlowed = steps is >= SlowFrom and < SlowUntil;
                if (steps == SlowUntil)
                {
                    scheduler.Submit(new SequenceRequest { Prompt = [.. Enumerable.Repeat(2, 900)], MaxTokens = 1, Observer = other });
                }
            },
        };
        await using var disposed = scheduler = new BatchScheduler(
            decoder, new ScriptedTokenizer(), "model", new BatchSchedulerOptions { Speculates = false, Time = time });
        var stream = new RecordingObserver();

        scheduler.Submit(new SequenceRequest { Prompt = [1], MaxTokens = 1_500, Observer = stream });
        await other.EndAsync().WaitAsync(Limit);
        await stream.EndAsync().WaitAsync(Limit);

        Assert.InRange(slowest, Usual + 1, 3 * Usual);
    }
}
