using System.Globalization;

namespace Orchard.Engine.Serving.Models;

/// <summary>How long each phase of a load has taken. Not thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class LoadPhases(TimeProvider time)
{
    private readonly List<(string Name, TimeSpan Time)> _phases = [];
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _ended;

    /// <summary>Time since the load has begun.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Ends a phase, which began when the one before ended.</summary>
    public void End(string phase)
    {
        TimeSpan now = Elapsed;
        _phases.Add((phase, now - _ended));
        _ended = now;
    }

    /// <summary>The phases in their order, such as <c>weights 20 ms, KV cache 5 ms</c>.</summary>
    public override string ToString() => string.Join(", ", _phases.Select(static phase => Describe(phase.Name, phase.Time)));

    private static string Describe(string name, TimeSpan taken) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} {taken.TotalMilliseconds:0.0} ms");
}
