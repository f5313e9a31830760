using System.Collections.Concurrent;
using Orchard.Testing.Wire;

namespace Orchard.Testing;

/// <summary>What outlives a crash of the scripted engine: its script and clock, and the record of what reached it. Thread-safe.</summary>
internal sealed class EngineState(EngineScript script, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, int> _loads = new();

    public EngineScript Script { get; } = script;

    public TimeProvider Time { get; } = time;

    /// <summary>Chat template of all models; null for models without one. Set before the first client connects.</summary>
    public string? ChatTemplate { get; set; }

    /// <summary>
    /// Sampling values that all models recommend, by the last part of their <c>general.sampling.*</c> key; null for none. Set before the
    /// first client connects.
    /// </summary>
    public Dictionary<string, double>? Sampling { get; set; }

    /// <summary>What all models take.</summary>
    public InputModalities InputModalities { get; set; } = InputModalities.Text;

    public Recording<FakeRequest> Requests { get; } = new();

    public Recording<FakeCommand> Commands { get; } = new();

    /// <summary>Counts a load command for a model and returns the new count.</summary>
    public int CountLoad(string model) => _loads.AddOrUpdate(model, 1, static (_, count) => count + 1);
}
