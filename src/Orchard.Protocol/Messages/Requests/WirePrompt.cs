namespace Orchard.Protocol.Messages.Requests;

/// <summary>One prompt of a request.</summary>
/// <remarks>
/// Members have the wire's meanings and the defaults of PIE's reference serializer. The codec computes and checks offsets, sizes and
/// counts.
/// </remarks>
internal sealed record WirePrompt
{
    public int PromptIndex { get; init; }

    public int NumCandidates { get; init; } = 1;

    /// <summary>Null for as many as <see cref="NumCandidates"/>.</summary>
    public int? BestOf { get; init; }

    /// <summary>Null for as many as <see cref="BestOf"/>.</summary>
    public int? FinalCandidates { get; init; }

    /// <summary>0 for no limit.</summary>
    public int MaxGeneratedTokens { get; init; }

    public PromptText Text { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Images { get; init; } = [];

    public IReadOnlyList<ReadOnlyMemory<byte>> Audio { get; init; } = [];

    public IReadOnlyList<CapabilityInput> Capabilities { get; init; } = [];

    /// <summary>Order of the parts. Null for the text, then all images, then all audio buffers.</summary>
    public IReadOnlyList<LayoutSegment>? Layout { get; init; }

    public double Temperature { get; init; } = 1.0;

    public double TopP { get; init; } = 1.0;

    /// <summary>-1 to disable.</summary>
    public int TopK { get; init; } = -1;

    public double MinP { get; init; }

    /// <summary>Null for a seed chosen by the engine.</summary>
    public uint? RngSeed { get; init; } = 0;

    public bool Deterministic { get; init; }

    public int TopLogprobs { get; init; }

    public double FrequencyPenalty { get; init; }

    public double PresencePenalty { get; init; }

    public int RepetitionContextSize { get; init; }

    public double RepetitionPenalty { get; init; } = 1.0;

    public IReadOnlyList<string> StopSequences { get; init; } = [];

    public string ToolSchemasJson { get; init; } = "";

    /// <summary>Schemas of the tools that may be called. Empty for all of <see cref="ToolSchemasJson"/>.</summary>
    public string ActiveToolSchemasJson { get; init; } = "";

    public ToolCallingTokens ToolCallingTokens { get; init; } = ToolCallingTokens.None;

    public IReadOnlyList<KeyValuePair<string, string>> OutputFrameTokens { get; init; } = [];

    public ThinkingTokens ThinkingTokens { get; init; } = ThinkingTokens.None;

    /// <summary><c>auto</c>, <c>none</c>, <c>required</c>, or a JSON object that names a tool.</summary>
    public string ToolChoice { get; init; } = "auto";

    public int MinToolCalls { get; init; } = 1;

    /// <summary>0 for no limit.</summary>
    public int MaxToolCalls { get; init; }

    public string ResponseFormatJson { get; init; } = "";

    public string ModalOptionsJson { get; init; } = "";

    public IReadOnlyList<TokenBias> LogitBias { get; init; } = [];

    public string? TaskName { get; init; }

    public string? ReasoningEffort { get; init; }

    /// <summary>Whether the prompt uses the shared prefix cache, for reading and writing.</summary>
    public bool PrefixCache { get; init; } = true;

    /// <summary>Orchard extensions.</summary>
    public PromptExtensions Extensions { get; init; } = PromptExtensions.None;

    /// <summary>Number of sequences the engine generates. Each ends with one final delta.</summary>
    public int CandidateCount => Math.Max(Math.Max(NumCandidates, 1), BestOf ?? 0);

    /// <summary>Returns the schemas that tool calls must conform to.</summary>
    public string CallSchemasJson() => ActiveToolSchemasJson.Length > 0 ? ActiveToolSchemasJson : ToolSchemasJson;
}
