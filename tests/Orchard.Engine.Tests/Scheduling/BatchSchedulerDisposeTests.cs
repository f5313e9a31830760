using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>After disposal nothing runs, and every observer has been notified of an end.</summary>
public sealed class BatchSchedulerDisposeTests
{
    [Fact]
    public async Task Dispose_Idle_DisposesTheDecoderOnTheSchedulersThread()
    {
        await using var harness = new SchedulerHarness();
        await harness.Submit("a").EndAsync();

        await harness.StopAsync();

        Assert.True(harness.Decoder.IsDisposed);
        var schedulersThread = new ScriptedDecoder.Caller("scripted model", IsThreadPoolThread: false, IsBackground: true);
        Assert.Equal([schedulersThread], harness.Decoder.Threads);
    }

    [Fact]
    public async Task Dispose_NothingEverSubmitted_Completes()
    {
        await using var harness = new SchedulerHarness();

        await harness.StopAsync();

        Assert.True(harness.Decoder.IsDisposed);
    }

    [Fact]
    public async Task Dispose_InEveryState_EndsAllAsCancelled()
    {
        await using var harness = new SchedulerHarness(gated: true, slots: 2, batch: 8, prefill: 2);
        RecordingObserver decoding = harness.Submit(SchedulerHarness.Endless);
        await harness.StepAsync();
        RecordingObserver prefilling = harness.Submit("a", prompt: 100);
        await harness.StepAsync();
        RecordingObserver queued = harness.Submit("b");
        await harness.StepAsync();
        await harness.Decoder.EnteredAsync();
        RecordingObserver arriving = harness.Submit("c");

        await harness.StopAsync();

        foreach (RecordingObserver observer in new[] { decoding, prefilling, queued, arriving })
        {
            Assert.True(observer.HasEnded);
            Assert.Equal(SequenceEnd.Cancelled, await observer.EndAsync());
        }

        Assert.Equal(0, harness.Scheduler.Statistics.Running);
        Assert.Equal(0, harness.Scheduler.Statistics.Waiting);
    }

    [Fact]
    public async Task Dispose_Twice_BothWaitForTheThread()
    {
        await using var harness = new SchedulerHarness(gated: true);
        harness.Submit(SchedulerHarness.Endless);
        await harness.Decoder.EnteredAsync();

        Task first = harness.Scheduler.DisposeAsync().AsTask();
        Task second = harness.Scheduler.DisposeAsync().AsTask();

        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        harness.Decoder.OpenGate();
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(harness.Decoder.IsDisposed);
    }

    [Fact]
    public async Task Dispose_ByAnObserver_DoesNotDeadlock()
    {
        await using var harness = new SchedulerHarness(gated: true);
        Task disposing = Task.CompletedTask;
        RecordingObserver observer = harness.Submit(SchedulerHarness.Endless, observer: new RecordingObserver
        {
            Observed = entry => disposing = entry.End is null ? harness.Scheduler.DisposeAsync().AsTask() : disposing,
        });
        harness.Decoder.OpenGate();

        Assert.Equal(SequenceEnd.Cancelled, await observer.EndAsync());
        await disposing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Submit_AfterDispose_Throws()
    {
        await using var harness = new SchedulerHarness();
        await harness.StopAsync();

        Assert.Throws<ObjectDisposedException>(() => harness.Submit("a"));
        Assert.Equal(0, harness.Scheduler.Statistics.Waiting);
    }

    /// <summary>Each concurrent submit either throws or leads to exactly one end.</summary>
    [Fact]
    public async Task Submit_RacingDispose_LosesNoSequence()
    {
        for (int round = 0; round < 50; round++)
        {
            await using var harness = new SchedulerHarness();
            using var start = new Barrier(4);
            Task<List<RecordingObserver>>[] submitters = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    var accepted = new List<RecordingObserver>();
                    start.SignalAndWait();
                    try
                    {
                        for (int i = 0; i < 200; i++)
                        {
                            accepted.Add(harness.Submit("a"));
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                    }

                    return accepted;
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];
            start.SignalAndWait(TestContext.Current.CancellationToken);

            await harness.StopAsync();

            foreach (List<RecordingObserver> accepted in await Task.WhenAll(submitters))
            {
                Assert.All(accepted, static observer => Assert.Single(observer.Entries, static entry => entry.End is not null));
            }

            Assert.Equal(0, harness.Scheduler.Statistics.Waiting);
        }
    }
}
