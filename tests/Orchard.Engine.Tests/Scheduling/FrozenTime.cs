namespace Orchard.Engine.Tests.Scheduling;

/// <summary>A clock that stands still: everything takes no time, so that no decision depends on measurements.</summary>
internal sealed class FrozenTime : TimeProvider
{
    public override long GetTimestamp() => 0;
}
