namespace Orchard.Engine.Tests.Scheduling;

/// <summary>A clock by which every round takes equally long, so that drafts cost nothing.</summary>
internal sealed class SteadyTime : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => Interlocked.Increment(ref _now);
}
