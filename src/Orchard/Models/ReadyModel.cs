using Orchard.Engine;
using Orchard.Formatting;

namespace Orchard.Models;

/// <summary>A model that is loaded in one engine process: what a request needs.</summary>
internal sealed record ReadyModel(ModelInfo Info, EngineSession Session, ChatFormatter Formatter);
