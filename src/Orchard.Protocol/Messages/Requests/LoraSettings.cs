namespace Orchard.Protocol.Messages.Requests;

/// <summary>A LoRA adapter of a prompt.</summary>
/// <param name="Path">Absolute path of the adapter's GGUF file.</param>
/// <param name="Scale">Strength of the adapter.</param>
internal sealed record LoraSettings(string Path, double Scale);
