using System.Diagnostics;

namespace WebChat;

/// <summary>Tokens per second and time to first token of one answer.</summary>
internal sealed class Speedometer
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan? _first;
    private TimeSpan _last;

    public double FirstTokenMilliseconds => (_first ?? _last).TotalMilliseconds;

    public void OnPiece()
    {
        _last = Stopwatch.GetElapsedTime(_start);
        _first ??= _last;
    }

    /// <summary>Without the time to the first token, which is the prompt's; null for a single token.</summary>
    public double? TokensPerSecond(long tokens) =>
        _first is { } first && tokens > 1 && _last > first ? (tokens - 1) / (_last - first).TotalSeconds : null;
}
