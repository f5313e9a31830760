namespace Orchard.Engine.Prefixes;

/// <summary>A file with the state of a model after some tokens. Immutable.</summary>
internal sealed class StoredPrefix
{
    /// <summary>Bytes before the tokens.</summary>
    public const int HeaderBytes = 120;

    /// <summary>Absolute path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>Identifies the model and all settings that the state depends on, as a SHA-256 in hexadecimal.</summary>
    public required string Key { get; init; }

    /// <summary>The tokens.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>Size of the state in bytes.</summary>
    public required long StateBytes { get; init; }

    /// <summary>SHA-256 of the state.</summary>
    public required byte[] StateDigest { get; init; }

    /// <summary>Where the state begins in the file.</summary>
    public long StateStart => HeaderBytes + ((long)Tokens.Length * sizeof(int));
}
