namespace Orchard.Protocol.Messages.Events;

/// <summary>What an Orchard engine counts for one model beyond the PIE fields, since the engine started.</summary>
internal sealed record TelemetryCounters
{
    /// <summary>Share of the model that is loaded, 0 to 1. Null unless the model is loading.</summary>
    public double? LoadProgress { get; init; }

    /// <summary>Load commands for the model, including those that found it loaded.</summary>
    public long LoadCommands { get; init; }

    /// <summary>The file that is mapped into memory; null if there is none.</summary>
    public TelemetryModelFile? MappedFile { get; init; }

    /// <summary>Batched decode calls.</summary>
    public long DecodeSteps { get; init; }

    /// <summary>Batches of texts that were embedded or ranked.</summary>
    public long EmbeddingSteps { get; init; }

    /// <summary>Generated tokens.</summary>
    public long GeneratedTokens { get; init; }

    /// <summary>Prompt tokens that were computed.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Prompt tokens that were found in the prefix cache.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Tokens in the KV cache now, including those kept only for reuse.</summary>
    public long KvTokens { get; init; }

    /// <summary>Tokens of running sequences in the KV cache now.</summary>
    public long KvTokensInUse { get; init; }

    /// <summary>Capacity of the KV cache in tokens.</summary>
    public long KvCapacity { get; init; }
}
