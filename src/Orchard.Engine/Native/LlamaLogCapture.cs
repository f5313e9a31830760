using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native;

/// <summary>The last lines the library logged on one thread. Used and disposed on that thread.</summary>
internal sealed class LlamaLogCapture(LogLevel minimum, LlamaLogCapture? outer, Action<LlamaLogCapture?> restore) : IDisposable
{
    private const int Capacity = 32;

    private readonly Queue<string> _lines = new();

    /// <summary>Oldest first; at most the last 32.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>The lines as sentences for a message, or nothing.</summary>
    public string Text => _lines.Count == 0 ? string.Empty : $"llama.cpp said: {string.Join("; ", _lines)}. ";

    public void Add(LogLevel level, string line)
    {
        if (level >= minimum)
        {
            if (_lines.Count == Capacity)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
        }

        outer?.Add(level, line);
    }

    public void Dispose() => restore(outer);
}
