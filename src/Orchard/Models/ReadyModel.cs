using Orchard.Connection;
using Orchard.Formatting;

namespace Orchard.Models;

/// <summary>A model that is loaded in an engine process, with what requests to it need.</summary>
internal sealed class ReadyModel(ModelInfo info, EngineSession session, ChatFormatter formatter)
{
    private volatile bool _discarded;

    public ModelInfo Info { get; } = info;

    public EngineSession Session { get; } = session;

    public ChatFormatter Formatter { get; } = formatter;

    /// <summary>The options it was requested with.</summary>
    public ModelOptions Options { get; init; } = new();

    /// <summary>Whether the engine has reported that it unloaded the model.</summary>
    public bool IsDiscarded => _discarded;

    /// <summary>Marks the model as unloaded, so that the next call loads it again.</summary>
    public void Discard() => _discarded = true;
}
