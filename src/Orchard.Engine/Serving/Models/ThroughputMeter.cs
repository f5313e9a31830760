using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Serving.Models;

/// <summary>Computes rates over windows of one second from monotonic counters. Not thread-safe.</summary>
internal sealed class ThroughputMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private long _windowStart = time.GetTimestamp();
    private SchedulerStatistics _atStart;
    private (double TokensPerSecond, double StepMilliseconds) _rates;

    /// <summary>Processes a snapshot and returns generated tokens per second and milliseconds per decode step; zeros if idle.</summary>
    public (double TokensPerSecond, double StepMilliseconds) Update(SchedulerStatistics now)
    {
        TimeSpan elapsed = time.GetElapsedTime(_windowStart);
        if (elapsed >= Window)
        {
            long steps = now.DecodeSteps - _atStart.DecodeSteps;
            _rates = (
                (now.GeneratedTokens - _atStart.GeneratedTokens) / elapsed.TotalSeconds,
                steps == 0 ? 0 : elapsed.TotalMilliseconds / steps);
            _windowStart = time.GetTimestamp();
            _atStart = now;
        }

        return _rates;
    }
}
