using System.Collections.Concurrent;
using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Sequences that wait until the KV cache has grown.</summary>
public sealed class BatchSchedulerRoomTests
{
    private const int Room = 20;

    [Fact]
    public async Task LongPrompt_RoomIsBeingMade_WaitsWhileOthersComeAndGo()
    {
        await using SchedulerHarness harness = Create(slots: 1);
        RecordingObserver neighbour = harness.Submit("abcdef");
        await harness.Decoder.EnteredAsync();
        RecordingObserver longPrompt = harness.Submit("x", prompt: Room);
        RecordingObserver afterIt = harness.Submit("y");
        harness.Decoder.OpenGate();

        Assert.Equal(SequenceEndReason.Stop, (await neighbour.EndAsync()).Reason);
        Assert.Equal(SequenceEndReason.Stop, (await afterIt.EndAsync()).Reason);
        Assert.False(longPrompt.HasEnded);
        harness.Decoder.RoomMade = 100;

        Assert.Equal(SequenceEndReason.Stop, (await longPrompt.EndAsync()).Reason);
        Assert.Equal("x", longPrompt.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_FillsItsRoom_GoesOnWhenThereIsMore(bool deterministic)
    {
        string answer = new('a', Room + 10);
        await using SchedulerHarness harness = Create();
        RecordingObserver filling = harness.Submit(answer, deterministic: deterministic);
        RecordingObserver neighbour = harness.Submit(new string('n', Room + 10), prompt: Room - 1, maxTokens: 2);
        harness.Decoder.OpenGate();

        Assert.Equal(SequenceEndReason.Length, (await neighbour.EndAsync()).Reason);
        Assert.Equal(SequenceEndReason.Stop, (await harness.Submit("later").EndAsync()).Reason);
        Assert.False(filling.HasEnded);
        harness.Decoder.RoomMade = 100;

        Assert.Equal(SequenceEndReason.Stop, (await filling.EndAsync()).Reason);
        Assert.Equal(answer, filling.Text);
    }

    [Fact]
    public async Task Answer_NearsTheEndOfItsRoom_AsksBeforeItIsThere()
    {
        var asked = new ConcurrentQueue<int>();
        await using SchedulerHarness harness = Create(room: 100);
        harness.Decoder.Reserving = length =>
        {
            asked.Enqueue(length);
            harness.Decoder.RoomMade = 200;
        };
        harness.Decoder.OpenGate();

        await harness.Submit("short").EndAsync();
        await harness.Submit(SchedulerHarness.Endless, maxTokens: 40).EndAsync();
        Assert.Empty(asked);

        await harness.Submit(SchedulerHarness.Endless, prompt: 20, maxTokens: 120).EndAsync();
        Assert.Equal(101, Assert.Single(asked));
    }

    [Fact]
    public async Task NobodyHasRoom_Cancelled_EndsWithoutIt()
    {
        using var cancel = new CancellationTokenSource();
        await using SchedulerHarness harness = Create();
        harness.Decoder.OpenGate();
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Decoder.Reserving = _ => isAsked.TrySetResult();
        RecordingObserver longPrompt = harness.Submit("x", prompt: Room, cancel: cancel);
        await isAsked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        cancel.Cancel();

        Assert.Equal(SequenceEndReason.Cancelled, (await longPrompt.EndAsync()).Reason);
    }

    [Fact]
    public async Task NoMemory_ForALongPrompt_EndsThatSequenceAlone()
    {
        await using SchedulerHarness harness = Create();
        harness.Decoder.Reserving = static length =>
        {
            if (length > 100)
            {
                throw new DecodeException("no memory");
            }
        };
        RecordingObserver neighbour = harness.Submit("abc", maxTokens: 4);
        await harness.Decoder.EnteredAsync();
        RecordingObserver tooLong = harness.Submit("x", prompt: 100, maxTokens: 4);
        RecordingObserver shorter = harness.Submit("y", prompt: 90, maxTokens: 4);
        harness.Decoder.OpenGate();

        Assert.Equal("no memory", (await tooLong.EndAsync()).Error);
        Assert.Equal(SequenceEndReason.Stop, (await neighbour.EndAsync()).Reason);
        harness.Decoder.RoomMade = 100;
        Assert.Equal(SequenceEndReason.Stop, (await shorter.EndAsync()).Reason);
    }

    [Fact]
    public async Task NoMemory_ForALongAnswer_EndsItWhereItsRoomEnds()
    {
        int asked = 0;
        await using SchedulerHarness harness = Create();
        harness.Decoder.Reserving = _ =>
        {
            Interlocked.Increment(ref asked);
            throw new DecodeException("no memory");
        };
        RecordingObserver tooLong = harness.Submit(SchedulerHarness.Endless);
        RecordingObserver neighbour = harness.Submit("abcdefghijkl", maxTokens: 12);
        harness.Decoder.OpenGate();

        Assert.Equal("no memory", (await tooLong.EndAsync()).Error);
        Assert.Equal(Room, tooLong.Text.Length); // the prompt's one token and all but the newest of these are in the cache
        Assert.Equal(SequenceEndReason.Length, (await neighbour.EndAsync()).Reason);
        Assert.Equal(2, asked);
    }

    private static SchedulerHarness Create(int room = Room, int slots = 4) => new(gated: true, slots: slots, room: room);
}
