using System.Text.Json.Serialization;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>
/// The metadata of one prompt as it was received, before validation. A missing key or a null means the default of <see cref="WirePrompt"/>.
/// </summary>
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

    [JsonConverter(typeof(CapabilityList))]
    public List<CapabilityObject>? Capabilities { get; set; }

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

    public ToolCallingTokensObject? ToolCallingTokens { get; set; }

    [JsonConverter(typeof(OrderedTextsConverter))]
    public List<KeyValuePair<string, string>>? OutputFrameTokens { get; set; }

    public ThinkingTokensObject? ThinkingTokens { get; set; }

    public string? ToolChoice { get; set; }

    public int? MinToolCalls { get; set; }

    public int? MaxToolCalls { get; set; }

    public string? ResponseFormatJson { get; set; }

    public string? ModalOptionsJson { get; set; }

    public List<TokenBiasObject>? LogitBias { get; set; }

    public string? TaskName { get; set; }

    public string? ReasoningEffort { get; set; }

    public bool? PrefixCache { get; set; }

    /// <summary>Orchard extensions.</summary>
    public PromptExtensionsMetadata? Orchard { get; set; }

    internal sealed class CapabilityObject
    {
        public string? Name { get; set; }

        public int Position { get; set; }

        public ulong PayloadSize { get; set; }
    }

    internal struct TokenBiasObject
    {
        public int? Token { get; set; }

        public double? Bias { get; set; }
    }

    internal sealed class ThinkingTokensObject
    {
        public string? Start { get; set; }

        public string? End { get; set; }

        public bool? Required { get; set; }
    }

    internal sealed class ToolCallingTokensObject
    {
        [JsonConverter(typeof(ToolCallFormatList))]
        public List<ToolCallFormatObject>? Formats { get; set; }

        public string? SectionStart { get; set; }

        public string? SectionEnd { get; set; }
    }

    internal sealed class ToolCallFormatObject
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

    internal sealed class CapabilityList() : CappedListConverter<CapabilityObject>(RequestLimits.MaxCapabilities);

    internal sealed class ToolCallFormatList() : CappedListConverter<ToolCallFormatObject>(RequestLimits.MaxToolCallFormats);
}
