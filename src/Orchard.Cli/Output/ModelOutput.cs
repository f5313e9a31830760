namespace Orchard.Cli.Output;

/// <summary>The result of <c>show --json</c>.</summary>
internal sealed record ModelOutput
{
    public required string Id { get; init; }

    public required string Path { get; init; }

    public string? Repository { get; init; }

    public string? Revision { get; init; }

    public string? License { get; init; }

    public string? Architecture { get; init; }

    public long? Parameters { get; init; }

    public string? Quantization { get; init; }

    public long? FileBytes { get; init; }

    public int? ContextLength { get; init; }

    public ContextLimit ContextLimitedBy { get; init; }

    public int? TrainedContextLength { get; init; }

    public int? ParallelSequences { get; init; }

    public long? ReservedBytes { get; init; }

    public int? EmbeddingLength { get; init; }

    public EmbeddingPooling Pooling { get; init; }

    public bool? SupportsTools { get; init; }

    public bool? SupportsReasoning { get; init; }

    public bool? HasOwnChatTemplate { get; init; }

    public static ModelOutput From(ModelInfo model) => new()
    {
        Id = model.Id,
        Path = model.Path,
        Repository = model.Repository,
        Revision = model.Revision,
        License = model.License,
        Architecture = model.Architecture,
        Parameters = model.ParameterCount,
        Quantization = model.Quantization,
        FileBytes = model.FileBytes,
        ContextLength = model.ContextLength,
        ContextLimitedBy = model.ContextLimitedBy,
        TrainedContextLength = model.TrainedContextLength,
        ParallelSequences = model.ParallelSequences,
        ReservedBytes = model.ReservedBytes,
        EmbeddingLength = model.EmbeddingLength,
        Pooling = model.Pooling,
        SupportsTools = model.ChatTemplate?.SupportsTools,
        SupportsReasoning = model.ChatTemplate?.SupportsReasoning,
        HasOwnChatTemplate = model.ChatTemplate?.IsFromModel,
    };
}
