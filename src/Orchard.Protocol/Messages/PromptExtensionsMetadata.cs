using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages;

/// <summary>The <c>orchard</c> key of a prompt as it is on the wire, before anything in it is believed.</summary>
internal sealed class PromptExtensionsMetadata
{
    public double? TypicalP { get; set; }

    [JsonPropertyName("ignore_eos")]
    public bool? IgnoreEndOfSequence { get; set; }

    public bool? Logprobs { get; set; }

    public MirostatMetadata? Mirostat { get; set; }

    public DryMetadata? Dry { get; set; }

    public XtcMetadata? Xtc { get; set; }

    /// <exception cref="WireException">A field breaks a rule; the message starts with its name.</exception>
    public PromptExtensions Decode() => new()
    {
        TypicalP = TypicalP ?? PromptExtensions.None.TypicalP,
        IgnoreEndOfSequence = IgnoreEndOfSequence ?? false,
        Logprobs = Logprobs ?? false,
        Mirostat = Mirostat is null ? null : new MirostatSettings(Needed("mirostat.tau", Mirostat.Tau), Needed("mirostat.eta", Mirostat.Eta)),
        Xtc = Xtc is null ? null : new XtcSettings(Needed("xtc.probability", Xtc.Probability), Needed("xtc.threshold", Xtc.Threshold)),
        Dry = Dry is null
            ? null
            : new DrySettings(
                Needed("dry.multiplier", Dry.Multiplier),
                Needed("dry.base", Dry.Base),
                Needed("dry.allowed_length", Dry.AllowedLength),
                Needed("dry.window", Dry.Window),
                [.. (Dry.SequenceBreakers ?? []).Select(text => text ?? throw new WireException("orchard.dry.sequence_breakers: an entry is null."))]),
    };

    private static T Needed<T>(string field, T? value)
        where T : struct =>
        value ?? throw new WireException($"orchard.{field}: it is missing.");
}

internal sealed class MirostatMetadata
{
    public double? Tau { get; set; }

    public double? Eta { get; set; }
}

internal sealed class DryMetadata
{
    public double? Multiplier { get; set; }

    public double? Base { get; set; }

    public int? AllowedLength { get; set; }

    public int? Window { get; set; }

    public List<string?>? SequenceBreakers { get; set; }
}

internal sealed class XtcMetadata
{
    public double? Probability { get; set; }

    public double? Threshold { get; set; }
}
