namespace Aspire.Hosting.ApplicationModel;

/// <summary>A model that the server offers.</summary>
/// <param name="Name">Path of a GGUF file, or a name of the hub.</param>
/// <param name="IsPreloaded">Whether it is loaded before the server listens.</param>
internal sealed record OfferedModel(string Name, bool IsPreloaded);
