namespace Orchard.Engine.Serving;

/// <summary>The process's share of one core since the last look, in percent; above 100 with several cores at work. Not thread-safe.</summary>
internal sealed class CpuMeter(TimeProvider time)
{
    private long _lastLook = time.GetTimestamp();
    private TimeSpan _lastUsage = Usage();

    public double Update()
    {
        TimeSpan usage = Usage();
        TimeSpan elapsed = time.GetElapsedTime(_lastLook);
        double share = elapsed > TimeSpan.Zero ? (usage - _lastUsage) / elapsed : 0;
        _lastLook = time.GetTimestamp();
        _lastUsage = usage;
        return Math.Max(0, share * 100);
    }

    private static TimeSpan Usage() => OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;
}
