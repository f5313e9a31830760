using Orchard.Connection;
using Orchard.Formatting;

namespace Orchard.Models;

/// <summary>A model that is loaded in one engine process: what a request needs.</summary>
internal sealed class ReadyModel(ModelInfo info, EngineSession session, ChatFormatter formatter)
{
    private volatile bool _discarded;

    public ModelInfo Info { get; } = info;

    public EngineSession Session { get; } = session;

    public ChatFormatter Formatter { get; } = formatter;

    /// <summary>Whether the engine was heard to have let go of the model although its process lives.</summary>
    public bool IsDiscarded => _discarded;

    /// <summary>From now on the model counts as not loaded, and the next call loads it again.</summary>
    public void Discard() => _discarded = true;
}
