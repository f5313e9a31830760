namespace Orchard.Cli.Output;

/// <summary>The result of <c>bench</c>.</summary>
internal sealed record BenchReport
{
    public required string Model { get; init; }

    public string? Architecture { get; init; }

    public string? Quantization { get; init; }

    public int PromptTokens { get; init; }

    public required IReadOnlyList<BenchRun> Runs { get; init; }
}

/// <summary>What was measured with a number of streams.</summary>
internal sealed record BenchRun
{
    public int Streams { get; init; }

    /// <summary>Tokens that all streams together generated.</summary>
    public int Tokens { get; init; }

    /// <summary>Tokens per second of all streams together, from the first token of any to the last.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Milliseconds to the first token, the median of the streams.</summary>
    public double FirstTokenMs { get; init; }

    /// <summary>Milliseconds to the first token of the slowest stream.</summary>
    public double SlowestFirstTokenMs { get; init; }
}
