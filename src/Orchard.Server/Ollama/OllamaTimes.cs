using Orchard.Server.Serving;

namespace Orchard.Server.Ollama;

/// <summary>Measures an answer for its last line. Not thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class OllamaTimes(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly UsageSum _usage = new();
    private TimeSpan? _first;

    /// <summary>Counts a part of the answer.</summary>
    public void Add(ChatDelta part)
    {
        _first ??= time.GetElapsedTime(_start);
        _usage.Add(part);
    }

    /// <summary>Returns the measurements.</summary>
    public (long Total, long Prompt, long Answer, Usage Usage) Take()
    {
        TimeSpan total = time.GetElapsedTime(_start);
        TimeSpan first = _first ?? total;
        return (Nanoseconds(total), Nanoseconds(first), Nanoseconds(total - first), _usage.Total);
    }

    private static long Nanoseconds(TimeSpan span) => span.Ticks * TimeSpan.NanosecondsPerTick;
}
