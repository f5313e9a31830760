using System.Diagnostics;
using Orchard;

namespace QuickStart;

/// <summary>Measures the tokens per second and the time to the first token of one answer.</summary>
internal sealed class Speedometer
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan? _firstToken;
    private TimeSpan _end;
    private Usage _usage;

    public void OnDelta(ChatDelta delta)
    {
        _end = Stopwatch.GetElapsedTime(_start);
        _firstToken ??= _end;
        _usage = delta.Usage ?? _usage;
    }

    public override string ToString()
    {
        TimeSpan first = _firstToken ?? _end;
        double seconds = (_end - first).TotalSeconds;
        string rate = seconds > 0 && _usage.CompletionTokens > 1 ? $"{(_usage.CompletionTokens - 1) / seconds:0} tokens/s, " : "";
        return $"({_usage.CompletionTokens} tokens, {rate}first token after {first.TotalMilliseconds:0} ms)";
    }
}
