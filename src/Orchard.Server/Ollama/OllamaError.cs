namespace Orchard.Server.Ollama;

/// <summary>An error in Ollama's JSON.</summary>
internal sealed record OllamaError
{
    /// <summary>Description, for people.</summary>
    public required string Error { get; init; }
}
