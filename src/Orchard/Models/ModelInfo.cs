namespace Orchard;

/// <summary>What a loaded model is. Immutable.</summary>
public sealed record ModelInfo
{
    /// <summary>The model's identity on this machine: two names that mean the same file have the same one.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute path of the model file.</summary>
    public required string Path { get; init; }

    /// <summary>Architecture as the model file names it, such as <c>llama</c>; null when the engine did not say.</summary>
    public string? Architecture { get; init; }

    /// <summary>Number of weights; null when the engine did not say.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>Tokens one conversation may hold, prompt and completion together; null when the engine did not say.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Size of the model file in bytes; null when the engine did not say.</summary>
    public long? FileBytes { get; init; }
}
