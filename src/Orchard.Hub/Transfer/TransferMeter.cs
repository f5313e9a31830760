namespace Orchard.Hub.Transfer;

/// <summary>Measures a download over all of its files, and reports it some times per second. Not thread-safe.</summary>
internal sealed class TransferMeter(Action<HubProgress> report, TimeProvider time, long total)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RateInterval = TimeSpan.FromSeconds(1);
    private const double Smoothing = 0.3;

    private HubPhase _phase = HubPhase.Resolving;
    private long _lastReport;
    private long _rateStart;
    private long _rateBytes;
    private double? _rate;

    /// <summary>Bytes of the files that are complete.</summary>
    public long Completed { get; private set; }

    /// <summary>Counts a file that is complete.</summary>
    public void Complete(long bytes)
    {
        Completed += bytes;
        Report(_phase == HubPhase.Resolving ? HubPhase.Downloading : _phase, 0, now: true);
    }

    /// <summary>Reports how much of the current file is there.</summary>
    public void Report(HubPhase phase, long bytes, bool now = false)
    {
        long at = time.GetTimestamp();
        if (phase != _phase)
        {
            (_phase, _rate, _rateStart, _rateBytes) = (phase, null, at, Completed + bytes);
            now = true;
        }

        TimeSpan elapsed = time.GetElapsedTime(_rateStart, at);
        if (elapsed >= RateInterval)
        {
            double rate = Math.Max(0, (Completed + bytes - _rateBytes) / elapsed.TotalSeconds);
            _rate = _rate is { } old ? old + Smoothing * (rate - old) : rate;
            (_rateStart, _rateBytes) = (at, Completed + bytes);
        }

        if (now || time.GetElapsedTime(_lastReport, at) >= ReportInterval)
        {
            _lastReport = at;
            report(new HubProgress(phase, Math.Min(Completed + bytes, total), total, _rate));
        }
    }
}
