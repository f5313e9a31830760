namespace Orchard;

/// <summary>A model of the hub that is stored on this machine. Immutable.</summary>
public sealed class LocalModel
{
    /// <summary>Name of the model for all calls, such as <c>Qwen/Qwen3-0.6B-GGUF:Q8_0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Repository on the hub, such as <c>Qwen/Qwen3-0.6B-GGUF</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>Commit of the repository.</summary>
    public required string Revision { get; init; }

    /// <summary>Path of the file in the repository, of the first part if the model is split.</summary>
    public required string File { get; init; }

    /// <summary>Absolute path of the file in the cache, of the first part if the model is split.</summary>
    public required string Path { get; init; }

    /// <summary>Size of all files of the model in bytes, without the vision projector.</summary>
    public required long Bytes { get; init; }

    /// <summary>Quantization according to the name of the file, such as <c>Q8_0</c>; null if it has none.</summary>
    public string? Quantization { get; init; }

    /// <summary>SHA-256 of <see cref="File"/> in hexadecimal digits; null if unknown.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Path of the stored vision projector in the repository; null if none is stored.</summary>
    public string? Projector { get; init; }

    /// <summary>Absolute path of the stored vision projector; null if none is stored.</summary>
    public string? ProjectorPath { get; init; }

    /// <summary>License that the repository states; null if unknown.</summary>
    public string? License { get; init; }
}
