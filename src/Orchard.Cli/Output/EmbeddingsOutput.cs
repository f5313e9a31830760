namespace Orchard.Cli.Output;

/// <summary>The result of <c>embed --json</c>.</summary>
internal sealed record EmbeddingsOutput
{
    public required string Model { get; init; }

    public required IReadOnlyList<EmbeddingOutput> Embeddings { get; init; }
}

/// <summary>The embedding of one text.</summary>
internal sealed record EmbeddingOutput
{
    public int Index { get; init; }

    public int Tokens { get; init; }

    public required float[] Vector { get; init; }
}
