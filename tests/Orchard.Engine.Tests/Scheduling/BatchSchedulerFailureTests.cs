using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>A failure ends only the affected sequences, and is always reported.</summary>
public sealed class BatchSchedulerFailureTests
{
    public static TheoryData<Exception> DecodeFailures => [new DecodeException("no KV cells"), new InvalidOperationException("a bug")];

    [Theory]
    [MemberData(nameof(DecodeFailures))]
    public async Task Decode_Fails_EndsItsBatchAndServesTheNext(Exception failure)
    {
        await using var harness = new SchedulerHarness(gated: true);
        RecordingObserver first = harness.Submit(SchedulerHarness.Endless);
        await harness.StepAsync();
        RecordingObserver second = harness.Submit(SchedulerHarness.Endless, prompt: 20);
        await harness.StepAsync();
        await harness.Decoder.EnteredAsync();

        harness.Decoder.Release(failure);

        foreach (RecordingObserver observer in new[] { first, second })
        {
            SequenceEnd end = await observer.EndAsync();
            Assert.Equal(SequenceEndReason.Failed, end.Reason);
            Assert.EndsWith(failure.Message, end.Error, StringComparison.Ordinal);
        }

        Assert.Equal([0, 1], harness.Decoder.Cleared.Order());
        harness.Decoder.OpenGate();
        RecordingObserver later = harness.Submit("later");
        await later.EndAsync();
        Assert.Equal("later", later.Text);
    }

    [Fact]
    public async Task Decode_FailsWithoutASequenceWhoseTurnItWasNot_LeavesThatOneRunning()
    {
        await using var harness = new SchedulerHarness(gated: true, slots: 3, batch: 2);
        RecordingObserver[] observers = [.. Enumerable.Range(0, 3).Select(_ => harness.Submit("abc"))];
        BatchToken[] batch = await harness.Decoder.EnteredAsync();
        while (batch.Length < 2)
        {
            harness.Decoder.Release();
            batch = await harness.Decoder.EnteredAsync();
        }

        harness.Decoder.Release(new DecodeException("no KV cells"));
        harness.Decoder.OpenGate();

        SequenceEnd[] ends = await Task.WhenAll(observers.Select(static observer => observer.EndAsync()));
        RecordingObserver spared = observers[Array.FindIndex(ends, static end => end.Reason == SequenceEndReason.Stop)];
        Assert.Equal(2, ends.Count(static end => end.Reason == SequenceEndReason.Failed));
        Assert.Equal("abc", spared.Text);
    }

    [Fact]
    public async Task CreateSampler_Fails_EndsThatSequenceAlone()
    {
        bool isFirst = true;
        await using var harness = new SchedulerHarness(creatingSampler: _ =>
        {
            if (isFirst)
            {
                isFirst = false;
                throw new ArgumentException("bad grammar");
            }
        });

        SequenceEnd end = await harness.Submit("a").EndAsync();

        Assert.Equal("ArgumentException: bad grammar", end.Error);
        Assert.Equal(SequenceEndReason.Stop, (await harness.Submit("b").EndAsync()).Reason);
        Assert.Equal(
            new SchedulerStatistics { DecodeSteps = 2, GeneratedTokens = 1, PromptTokens = 1 },
            harness.Scheduler.Statistics with { KvTokens = 0, HeldSlots = 0 });
    }

    [Fact]
    public async Task Sample_Fails_EndsThatSequenceAlone()
    {
        await using var harness = new SchedulerHarness(gated: true);
        harness.Decoder.Sampling = static token =>
        {
            if (token == '!')
            {
                throw new InvalidOperationException("not that one");
            }
        };
        RecordingObserver failing = harness.Submit("ab!c");
        RecordingObserver neighbour = harness.Submit("neighbour");
        await harness.Decoder.EnteredAsync();
        harness.Decoder.OpenGate();

        SequenceEnd end = await failing.EndAsync();
        await neighbour.EndAsync();

        Assert.Equal(SequenceEndReason.Failed, end.Reason);
        Assert.Equal("InvalidOperationException: not that one", end.Error);
        Assert.Equal("ab", failing.Text);
        Assert.Equal("neighbour", neighbour.Text);
    }

    [Fact]
    public async Task Observer_Throws_EndsThatSequenceAlone()
    {
        await using var harness = new SchedulerHarness(gated: true);
        RecordingObserver throwing = harness.Submit("abc", observer: new RecordingObserver
        {
            Observed = static _ => throw new InvalidOperationException("observer"),
        });
        RecordingObserver neighbour = harness.Submit("neighbour");
        await harness.Decoder.EnteredAsync();
        harness.Decoder.OpenGate();

        Assert.Equal(SequenceEndReason.Failed, (await throwing.EndAsync()).Reason);
        await neighbour.EndAsync();
        Assert.Equal("neighbour", neighbour.Text);
    }

    [Fact]
    public async Task Clear_Fails_EndsAllAndLaterSubmitSaysWhy()
    {
        await using var harness = new SchedulerHarness(gated: true, slots: 2);
        harness.Decoder.Clearing = static _ => throw new InvalidOperationException("cannot clear");
        RecordingObserver[] observers = [.. Enumerable.Range(0, 5).Select(_ => harness.Submit("a", maxTokens: 1, reuse: false))];
        await harness.Decoder.EnteredAsync();
        harness.Decoder.OpenGate();

        SequenceEnd[] ends = await Task.WhenAll(observers.Select(static observer => observer.EndAsync()));

        Assert.All(ends, static end => Assert.Equal("InvalidOperationException: cannot clear", end.Error));
        Assert.Equal(0, harness.Scheduler.Statistics.Running);
        Assert.Equal(0, harness.Scheduler.Statistics.Waiting);
        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => harness.Submit("b"));
        Assert.Equal("cannot clear", refusal.InnerException?.Message);
        await harness.StopAsync();
        Assert.Throws<ObjectDisposedException>(() => harness.Submit("c"));
    }

    [Fact]
    public async Task Clear_FailsWhileAnotherArrives_EndsThatOneToo()
    {
        await using var harness = new SchedulerHarness();
        var arrived = new TaskCompletionSource<RecordingObserver>(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Decoder.Clearing = _ =>
        {
            arrived.SetResult(harness.Submit("late"));
            throw new InvalidOperationException("cannot clear");
        };

        await harness.Submit("a", reuse: false).EndAsync();

        Assert.Equal(SequenceEndReason.Failed, (await (await arrived.Task).EndAsync()).Reason);
    }

    [Fact]
    public async Task StepCompleted_Throws_EndsAll()
    {
        await using var harness = new SchedulerHarness(onStepCompleted: static () => throw new InvalidOperationException("hook"));

        SequenceEnd end = await harness.Submit(SchedulerHarness.Endless).EndAsync();

        Assert.Equal("InvalidOperationException: hook", end.Error);
    }
}
