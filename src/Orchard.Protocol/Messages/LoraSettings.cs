namespace Orchard.Protocol.Messages;

/// <summary>A LoRA adapter of a prompt.</summary>
/// <param name="Path">Absolute path of its GGUF file.</param>
/// <param name="Scale">How strongly it changes the model.</param>
internal sealed record LoraSettings(string Path, double Scale);
