namespace Orchard;

/// <summary>A model in a repository of the hub: one file, or all parts of a split model. Immutable.</summary>
public sealed class RepositoryModel
{
    /// <summary>Name of the model for all calls, such as <c>Qwen/Qwen3-0.6B-GGUF:Q8_0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Paths of the files in the repository, in the order of the parts.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Size of all files in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Quantization according to the name of the file, such as <c>Q8_0</c>; null if it has none.</summary>
    public string? Quantization { get; init; }

    /// <summary>
    /// Path of the vision projector in the repository that belongs to the model; null if there is none. See
    /// <see cref="HubOptions.Vision"/>.
    /// </summary>
    public string? Projector { get; init; }

    /// <summary>Whether no part of a split model is missing.</summary>
    public required bool IsComplete { get; init; }
}
