using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Tests.Serving;

public sealed class SequenceStopwatchTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddSeconds(7));

    [Fact]
    public void Stop_AfterAllPhases_EachHasItsTime()
    {
        var stopwatch = new SequenceStopwatch("trace", _time);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        stopwatch.OnStarted();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        stopwatch.OnPrefilled();
        _time.Advance(TimeSpan.FromMilliseconds(300));

        Assert.Equal(new SequenceTimes { TraceParent = "trace", ArrivedAt = 7_000_000, Queue = 1_000, Prefill = 20_000, Decode = 300_000 }, stopwatch.Stop());
    }

    [Fact]
    public void Stop_WhilePrefilling_NothingWasDecoded()
    {
        var stopwatch = new SequenceStopwatch("trace", _time);
        stopwatch.OnStarted();
        _time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(new SequenceTimes { TraceParent = "trace", ArrivedAt = 7_000_000, Prefill = 20_000 }, stopwatch.Stop());
    }

    [Fact]
    public void Stop_InTheQueue_AllOfItWasWaiting()
    {
        var stopwatch = new SequenceStopwatch("trace", _time);
        _time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(new SequenceTimes { TraceParent = "trace", ArrivedAt = 7_000_000, Queue = 20_000 }, stopwatch.Stop());
    }
}
