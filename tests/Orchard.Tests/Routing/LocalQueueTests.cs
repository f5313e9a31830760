using Microsoft.Extensions.Time.Testing;
using Orchard.Connection;
using Orchard.Protocol.Messages.Events;
using Orchard.Routing;

namespace Orchard.Tests.Routing;

/// <summary>How long a call is expected to wait for a local model.</summary>
public sealed class LocalQueueTests
{
    private static readonly ModelInfo Model = new() { Id = "m", Path = "", ParallelSequences = 4 };
    private readonly Heartbeats _beats = new(new FakeTimeProvider());
    private readonly LocalQueue _queue;

    public LocalQueueTests() => _queue = new LocalQueue(() => _beats);

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(3, 0, 0)] // one is free
    [InlineData(4, 0, 0.5)] // one of four has to end: a quarter of 100 tokens of 20 ms
    [InlineData(4, 3, 2)]
    public void Estimate_SequencesOfOtherPrograms_Count(int running, int waiting, double expected)
    {
        _queue.LearnAnswer(100, TimeSpan.FromSeconds(1.98));
        Beat(running, waiting, step: 20);

        Assert.Equal(expected, Enter(), 3);
    }

    [Fact]
    public void Estimate_CallsThatNoHeartbeatHasReported_Count()
    {
        Beat(running: 2, waiting: 0, step: 20);
        _queue.LearnAnswer(100, TimeSpan.FromSeconds(1.98));

        double[] expected = [.. Enumerable.Range(0, 4).Select(_ => Enter())];
        Beat(running: 4, waiting: 2, step: 20);
        double reported = Enter();

        Assert.Equal([0, 0, 0.5, 1], expected.Select(static seconds => Math.Round(seconds, 3)));
        Assert.Equal(1.5, reported, 3);
    }

    [Fact]
    public void Estimate_CallsThatHaveEnded_DoNotCount()
    {
        List<QueuePlace> places = [];
        for (int i = 0; i < 8; i++)
        {
            Assert.True(_queue.TryEnter(Model, 1, null, out _, out QueuePlace? place));
            places.Add(place);
        }

        Assert.False(_queue.TryEnter(Model, 1, TimeSpan.Zero, out TimeSpan full, out _));
        places.ForEach(static place => place.Dispose());
        places.ForEach(static place => place.Dispose());

        Assert.True(full > TimeSpan.Zero);
        Assert.True(_queue.TryEnter(Model, 1, TimeSpan.Zero, out TimeSpan free, out _));
        Assert.Equal(TimeSpan.Zero, free);
    }

    [Fact]
    public void Estimate_StepWithIdleTime_IsNotBelieved()
    {
        _queue.LearnAnswer(100, TimeSpan.FromSeconds(0.99));
        Beat(running: 4, waiting: 0, step: 500);

        Assert.Equal(0.25, Enter(), 3);
    }

    [Fact]
    public void Estimate_EngineThatDoesNotSayItsCapacity_HasRoomUntilSequencesWait()
    {
        var unknown = new ModelInfo { Id = "m", Path = "" };
        Beat(running: 50, waiting: 0, step: 20);
        Assert.True(_queue.TryEnter(unknown, 1, TimeSpan.Zero, out _, out _));
        Beat(running: 2, waiting: 10, step: 20);
        Assert.False(_queue.TryEnter(unknown, 1, TimeSpan.FromSeconds(1), out _, out _));
    }

    private double Enter()
    {
        Assert.True(_queue.TryEnter(Model, 1, null, out TimeSpan expected, out _));
        return expected.TotalSeconds;
    }

    private void Beat(int running, int waiting, double step) => _beats.Record(new Telemetry
    {
        Models =
        [
            new TelemetryModel { CanonicalId = "m", RunningSequences = running, WaitingSequences = waiting, AvgStepLatencyMs = step },
        ],
    });
}
