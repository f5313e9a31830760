using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>The <c>orchard</c> object of a prompt as it was received, before validation.</summary>
internal sealed class PromptExtensionsMetadata
{
    public double? TypicalP { get; set; }

    [JsonPropertyName("ignore_eos")]
    public bool? IgnoreEndOfSequence { get; set; }

    public bool? Logprobs { get; set; }

    public MirostatObject? Mirostat { get; set; }

    public DryObject? Dry { get; set; }

    public XtcObject? Xtc { get; set; }

    public List<LoraObject?>? Lora { get; set; }

    public string? Pooling { get; set; }

    public string? Query { get; set; }

    public bool? Truncate { get; set; }

    public string? CallForm { get; set; }

    public bool? EmptyReasoning { get; set; }

    /// <summary>Alternating starts and lengths.</summary>
    public List<int>? PlainText { get; set; }

    internal sealed class MirostatObject
    {
        public double? Tau { get; set; }

        public double? Eta { get; set; }
    }

    internal sealed class LoraObject
    {
        public string? Path { get; set; }

        public double? Scale { get; set; }
    }

    internal sealed class DryObject
    {
        public double? Multiplier { get; set; }

        public double? Base { get; set; }

        public int? AllowedLength { get; set; }

        public int? Window { get; set; }

        public List<string?>? SequenceBreakers { get; set; }
    }

    internal sealed class XtcObject
    {
        public double? Probability { get; set; }

        public double? Threshold { get; set; }
    }
}
