namespace Orchard.Engine.Serving.Models;

/// <summary>What the header of a model file contains.</summary>
/// <param name="Architecture">The architecture's name in the file, such as <c>llama</c>.</param>
/// <param name="ChatTemplate">The chat template; null if the file has none.</param>
internal sealed record ModelFileFacts(string Architecture, string? ChatTemplate = null);
