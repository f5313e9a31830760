namespace Orchard.Engine.Serving.Models;

/// <summary>What the header of a model file contains.</summary>
/// <param name="Architecture">The architecture's name in the file, such as <c>llama</c>.</param>
internal sealed record ModelFileFacts(string Architecture);
