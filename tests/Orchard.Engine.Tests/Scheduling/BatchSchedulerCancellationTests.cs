using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>A cancelled sequence ends at the next step, without affecting others.</summary>
public sealed class BatchSchedulerCancellationTests : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    public void Dispose() => _cancel.Dispose();

    [Fact]
    public async Task Cancel_ThousandsThatWait_EachEndsAsCancelled()
    {
        await using var harness = new SchedulerHarness(gated: true, slots: 1);
        harness.Submit(SchedulerHarness.Endless);
        await harness.Decoder.EnteredAsync();
        using var cancel = new CancellationTokenSource();
        RecordingObserver[] waiting = [.. Enumerable.Range(0, 3 * WaitingSequences.CancellationChecks).Select(_ => harness.Submit("a", cancel: cancel))];

        await cancel.CancelAsync();
        harness.Decoder.OpenGate();

        foreach (RecordingObserver observer in waiting)
        {
            Assert.Equal(SequenceEndReason.Cancelled, (await observer.EndAsync()).Reason);
        }
    }

    [Fact]
    public async Task Cancel_BeforeSubmit_EndsWithoutADecode()
    {
        await using var harness = new SchedulerHarness();
        await _cancel.CancelAsync();

        RecordingObserver observer = harness.Submit("a", cancel: _cancel);

        Assert.Equal(SequenceEnd.Cancelled, await observer.EndAsync());
        Assert.Empty(harness.Decoder.Batches);
    }

    [Fact]
    public async Task Cancel_WhileQueued_EndsWithinOneStepAndNeverRuns()
    {
        await using var harness = new SchedulerHarness(gated: true, slots: 1);
        RecordingObserver running = harness.Submit(SchedulerHarness.Endless);
        await harness.StepAsync();
        RecordingObserver queued = harness.Submit("b", cancel: _cancel);
        await harness.StepAsync();
        await harness.Decoder.EnteredAsync();
        Assert.False(queued.HasEnded);

        await _cancel.CancelAsync();
        harness.Decoder.Release();
        await harness.Decoder.EnteredAsync();

        Assert.Equal(SequenceEnd.Cancelled, await queued.EndAsync());
        Assert.False(running.HasEnded);
        Assert.Equal(0, harness.Scheduler.Statistics.Waiting);
        Assert.DoesNotContain(harness.Decoder.Batches, static batch => batch.Any(static token => token.Token == ScriptedTokenizer.FirstMark + 1));
    }

    [Fact]
    public async Task Cancel_WhilePrefilling_FreesTheSlotWithinOneStep()
    {
        await using var harness = new SchedulerHarness(gated: true, batch: 8, prefill: 8);
        RecordingObserver observer = harness.Submit("a", prompt: 100, cancel: _cancel, reuse: false);
        await harness.StepAsync();
        await harness.Decoder.EnteredAsync();

        await _cancel.CancelAsync();
        harness.Decoder.Release();

        Assert.Equal(SequenceEnd.Cancelled, await observer.EndAsync());
        Assert.Equal([0], harness.Decoder.Cleared);
        Assert.Equal(2, harness.Decoder.Batches.Count);
        Assert.Equal(0, harness.Scheduler.Statistics.Running);
    }

    [Fact]
    public async Task Cancel_WhileDecoding_GivesTheSlotToTheNextInTheSameStep()
    {
        await using var harness = new SchedulerHarness(gated: true, slots: 2);
        RecordingObserver cancelled = harness.Submit(SchedulerHarness.Endless, cancel: _cancel);
        await harness.StepAsync();
        RecordingObserver neighbour = harness.Submit("neighbour");
        RecordingObserver next = harness.Submit("next", prompt: 2);
        await harness.StepAsync();
        await harness.Decoder.EnteredAsync();

        await _cancel.CancelAsync();
        harness.Decoder.Release();
        BatchToken[] batch = await harness.Decoder.EnteredAsync();

        Assert.Equal(SequenceEnd.Cancelled, await cancelled.EndAsync());
        Assert.Contains(new BatchToken(ScriptedTokenizer.FirstMark + 2, Position: 0, Slot: 0, NeedsLogits: false), batch);
        harness.Decoder.OpenGate();
        await neighbour.EndAsync();
        await next.EndAsync();
        Assert.Equal("neighbour", neighbour.Text);
        Assert.Equal("next", next.Text);
    }

    [Fact]
    public async Task Cancel_AfterTheEnd_ChangesNothing()
    {
        await using var harness = new SchedulerHarness();
        RecordingObserver observer = harness.Submit("a", cancel: _cancel);
        await observer.EndAsync();

        await _cancel.CancelAsync();
        await harness.Submit("b").EndAsync();

        Assert.Equal(SequenceEndReason.Stop, Assert.Single(observer.Entries, static entry => entry.End is not null).End!.Reason);
    }

    [Fact]
    public async Task Cancel_AllSequences_SchedulerServesTheNext()
    {
        await using var harness = new SchedulerHarness(gated: true);
        RecordingObserver[] cancelled = [.. Enumerable.Range(0, 10).Select(_ => harness.Submit(SchedulerHarness.Endless, cancel: _cancel))];
        await harness.Decoder.EnteredAsync();
        await _cancel.CancelAsync();
        harness.Decoder.OpenGate();
        foreach (RecordingObserver observer in cancelled)
        {
            Assert.Equal(SequenceEnd.Cancelled, await observer.EndAsync());
        }

        RecordingObserver later = harness.Submit("later");

        await later.EndAsync();
        Assert.Equal("later", later.Text);
    }
}
