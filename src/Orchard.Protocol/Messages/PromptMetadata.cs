using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages;

/// <summary>One prompt of the metadata. A missing key, or an explicit null, means the default of <see cref="PromptFrame"/>.</summary>
internal sealed class PromptMetadata
{
    public int? PromptIndex { get; set; }

    public int? NumCandidates { get; set; }

    public int? BestOf { get; set; }

    public int? FinalCandidates { get; set; }

    public int? MaxGeneratedTokens { get; set; }

    public ulong TextOffset { get; set; }

    public ulong TextSize { get; set; }

    public ulong ImageDataOffset { get; set; }

    public ulong ImageDataSize { get; set; }

    public ulong ImageSizesOffset { get; set; }

    public ulong ImageCount { get; set; }

    public ulong AudioDataOffset { get; set; }

    public ulong AudioDataSize { get; set; }

    public ulong AudioSizesOffset { get; set; }

    public ulong AudioCount { get; set; }

    public ulong CapabilityDataOffset { get; set; }

    public ulong CapabilityDataSize { get; set; }

    [JsonConverter(typeof(CappedListConverters.Capabilities))]
    public List<CapabilityMetadata>? Capabilities { get; set; }

    public ulong LayoutOffset { get; set; }

    public ulong LayoutCount { get; set; }

    public double? Temperature { get; set; }

    public double? TopP { get; set; }

    public int? TopK { get; set; }

    public double? MinP { get; set; }

    public ulong? RngSeed { get; set; }

    public bool? Deterministic { get; set; }

    public int? TopLogprobs { get; set; }

    public double? FrequencyPenalty { get; set; }

    public double? PresencePenalty { get; set; }

    public int? RepetitionContextSize { get; set; }

    public double? RepetitionPenalty { get; set; }

    public List<string?>? StopSequences { get; set; }

    public string? ToolSchemasJson { get; set; }

    public string? ActiveToolSchemasJson { get; set; }

    public ToolCallingTokensMetadata? ToolCallingTokens { get; set; }

    [JsonConverter(typeof(OrderedTextsConverter))]
    public List<KeyValuePair<string, string>>? OutputFrameTokens { get; set; }

    public ThinkingTokensMetadata? ThinkingTokens { get; set; }

    public string? ToolChoice { get; set; }

    public int? MinToolCalls { get; set; }

    public int? MaxToolCalls { get; set; }

    public string? ResponseFormatJson { get; set; }

    public string? ModalOptionsJson { get; set; }

    public List<TokenBiasMetadata>? LogitBias { get; set; }

    public string? TaskName { get; set; }

    public string? ReasoningEffort { get; set; }

    public bool? PrefixCache { get; set; }

    /// <summary>What clients of ours add.</summary>
    public PromptExtensionsMetadata? Orchard { get; set; }
}

internal sealed class CapabilityMetadata
{
    public string? Name { get; set; }

    public int Position { get; set; }

    public ulong PayloadSize { get; set; }
}

internal struct TokenBiasMetadata
{
    public int? Token { get; set; }

    public double? Bias { get; set; }
}

internal sealed class ThinkingTokensMetadata
{
    public string? Start { get; set; }

    public string? End { get; set; }

    public bool? Required { get; set; }
}

internal sealed class ToolCallingTokensMetadata
{
    [JsonConverter(typeof(CappedListConverters.ToolCallFormats))]
    public List<ToolCallFormatMetadata>? Formats { get; set; }

    public string? SectionStart { get; set; }

    public string? SectionEnd { get; set; }
}

internal sealed class ToolCallFormatMetadata
{
    public string? Name { get; set; }

    public string? CallStart { get; set; }

    public string? InlineStart { get; set; }

    public string? Channel { get; set; }

    public string? RecipientPrefix { get; set; }

    public string? ConstraintPrefix { get; set; }

    public string? Constraint { get; set; }

    public string? Message { get; set; }

    public string? CallEnd { get; set; }
}
