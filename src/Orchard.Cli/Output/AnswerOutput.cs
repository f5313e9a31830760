namespace Orchard.Cli.Output;

/// <summary>The result of <c>run --json</c>.</summary>
internal sealed record AnswerOutput
{
    public required string Model { get; init; }

    public required string Text { get; init; }

    public string? Reasoning { get; init; }

    public required FinishReason FinishReason { get; init; }

    public required UsageOutput Usage { get; init; }

    /// <summary>Milliseconds from the request to the first token.</summary>
    public double FirstTokenMs { get; init; }

    /// <summary>Milliseconds from the request to the last token.</summary>
    public double TotalMs { get; init; }
}
