using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native;

/// <summary>The last lines that the library logged on a thread. Used and disposed on that thread.</summary>
internal sealed class LlamaLogCapture(LogLevel minimum, LlamaLogCapture? outer, Action<LlamaLogCapture?> restore) : IDisposable
{
    private const int Capacity = 32;

    private readonly Queue<string> _lines = new();

    /// <summary>The last 32 lines at most, oldest first.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>The lines as a sentence for an error message; empty if there are none.</summary>
    public string Text => _lines.Count == 0 ? string.Empty : $"llama.cpp reported: {string.Join("; ", _lines)}. ";

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
