namespace Orchard.Protocol.Messages;

/// <summary>
/// One prompt of a request, every field by its wire meaning; an initialiser is the value the family's reference serializer writes
/// when the caller says nothing. Offsets, sizes and counts are not here: the codec computes and checks them.
/// </summary>
internal sealed record PromptFrame
{
    public int PromptIndex { get; init; }

    public int NumCandidates { get; init; } = 1;

    /// <summary>Null: as many as <see cref="NumCandidates"/>.</summary>
    public int? BestOf { get; init; }

    /// <summary>Null: as many as <see cref="BestOf"/>.</summary>
    public int? FinalCandidates { get; init; }

    /// <summary>0: no limit by the client.</summary>
    public int MaxGeneratedTokens { get; init; }

    /// <summary>UTF-8.</summary>
    public ReadOnlyMemory<byte> Text { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Images { get; init; } = [];

    public IReadOnlyList<ReadOnlyMemory<byte>> Audio { get; init; } = [];

    public IReadOnlyList<CapabilityInput> Capabilities { get; init; } = [];

    /// <summary>Null: the text, then every image, then every audio buffer.</summary>
    public IReadOnlyList<LayoutSegment>? Layout { get; init; }

    public double Temperature { get; init; } = 1.0;

    public double TopP { get; init; } = 1.0;

    /// <summary>-1: off.</summary>
    public int TopK { get; init; } = -1;

    public double MinP { get; init; }

    /// <summary>Null: the key is left out, and the engine chooses.</summary>
    public uint? RngSeed { get; init; } = 0;

    public bool Deterministic { get; init; }

    public int TopLogprobs { get; init; }

    public double FrequencyPenalty { get; init; }

    public double PresencePenalty { get; init; }

    public int RepetitionContextSize { get; init; }

    public double RepetitionPenalty { get; init; } = 1.0;

    public IReadOnlyList<string> StopSequences { get; init; } = [];

    public string ToolSchemasJson { get; init; } = "";

    /// <summary>Empty: as <see cref="ToolSchemasJson"/>.</summary>
    public string ActiveToolSchemasJson { get; init; } = "";

    public ToolCallingTokens ToolCallingTokens { get; init; } = ToolCallingTokens.None;

    public IReadOnlyList<KeyValuePair<string, string>> OutputFrameTokens { get; init; } = [];

    public ThinkingTokens ThinkingTokens { get; init; } = ThinkingTokens.None;

    /// <summary><c>auto</c>, <c>none</c>, <c>required</c>, or a JSON object as text.</summary>
    public string ToolChoice { get; init; } = "auto";

    public int MinToolCalls { get; init; } = 1;

    /// <summary>0: no limit.</summary>
    public int MaxToolCalls { get; init; }

    public string ResponseFormatJson { get; init; } = "";

    public string ModalOptionsJson { get; init; } = "";

    public IReadOnlyList<TokenBias> LogitBias { get; init; } = [];

    public string? TaskName { get; init; }

    public string? ReasoningEffort { get; init; }

    /// <summary>False: neither read nor write the shared prefix cache.</summary>
    public bool PrefixCache { get; init; } = true;

    /// <summary>Ours.</summary>
    public PromptExtensions Extensions { get; init; } = PromptExtensions.None;

    /// <summary>Candidates the engine generates, each ending in one final delta.</summary>
    public int CandidateCount => Math.Max(Math.Max(NumCandidates, 1), BestOf ?? 0);

    /// <summary>The schemas that calls are held to: those named for it, else those of the prompt.</summary>
    public string CallSchemasJson() => ActiveToolSchemasJson.Length > 0 ? ActiveToolSchemasJson : ToolSchemasJson;
}
