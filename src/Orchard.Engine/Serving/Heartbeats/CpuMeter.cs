namespace Orchard.Engine.Serving.Heartbeats;

/// <summary>
/// CPU usage of the process since the last measurement, in percent of one core; above 100 if several cores are busy. Not thread-safe.
/// </summary>
internal sealed class CpuMeter(TimeProvider time)
{
    private long _lastTime = time.GetTimestamp();
    private TimeSpan _lastUsage = Usage();

    public double Update()
    {
        TimeSpan usage = Usage();
        TimeSpan elapsed = time.GetElapsedTime(_lastTime);
        double share = elapsed > TimeSpan.Zero ? (usage - _lastUsage) / elapsed : 0;
        _lastTime = time.GetTimestamp();
        _lastUsage = usage;
        return Math.Max(0, share * 100);
    }

    private static TimeSpan Usage() => OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;
}
