using Orchard.Engine.Inference;

namespace Orchard.Engine.Serving.Models;

/// <summary>What a load command says about the model.</summary>
/// <param name="Settings">How to load it.</param>
/// <param name="KeepAlive">How long it stays after uses by this client; negative for always, null if the client does not say.</param>
/// <param name="IsPinned">Whether it also stays as long as the client is connected.</param>
internal sealed record LoadOptions(ModelSettings Settings, TimeSpan? KeepAlive = null, bool IsPinned = false)
{
    public static LoadOptions Default { get; } = new(ModelSettings.Default);
}
