namespace Orchard.Engine.Inference.Devices;

/// <summary>What a model is to be placed for.</summary>
internal sealed record DeviceRequest
{
    /// <summary>Number of layers that have to be on GPUs, negative for all; null for as many as are useful.</summary>
    public int? Layers { get; init; }

    /// <summary>Most tokens in one sequence.</summary>
    public required int LongestContext { get; init; }

    /// <summary>Whether the client requires this context, so that a shorter one is not enough.</summary>
    public bool IsContextRequired { get; init; }

    /// <summary>Most sequences at the same time.</summary>
    public required int Sequences { get; init; }

    /// <summary>Whether the model has experts.</summary>
    public bool HasExperts { get; init; }

    /// <summary>Bytes that the model may take on the host and on devices together.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Bytes of the weights and of the buffers.</summary>
    public required long FixedBytes { get; init; }

    /// <summary>Bytes of the KV cache for one token.</summary>
    public required long CacheBytesPerToken { get; init; }

    /// <summary>Whether the memory suffices for a number of tokens, wherever it is.</summary>
    public bool Suffices(long tokens) => FixedBytes + ((double)CacheBytesPerToken * tokens) <= MemoryBytes;
}
