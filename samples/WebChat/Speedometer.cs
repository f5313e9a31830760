using System.Diagnostics;

namespace WebChat;

/// <summary>Measures the tokens per second and the time to the first token of one answer.</summary>
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

    /// <summary>Excludes the time to the first token, in which the prompt is processed; null for a single token.</summary>
    public double? TokensPerSecond(long tokens) =>
        _first is { } first && tokens > 1 && _last > first ? (tokens - 1) / (_last - first).TotalSeconds : null;
}
