namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>Validates the <c>orchard</c> object of a prompt.</summary>
internal static class PromptExtensionsDecoder
{
    /// <param name="metadata">The object as it was received.</param>
    /// <param name="textSize">Size of the prompt's text in bytes.</param>
    /// <exception cref="WireException">A field breaks a rule. The message starts with the field's name.</exception>
    public static PromptExtensions Decode(PromptExtensionsMetadata metadata, ulong textSize) => new()
    {
        Lora = DecodeLora(metadata.Lora ?? []),
        Pooling = metadata.Pooling,
        Truncate = metadata.Truncate ?? false,
        Query = metadata.Query,
        CallForm = metadata.CallForm ?? "",
        EmptyReasoning = metadata.EmptyReasoning ?? false,
        Plain = PlainSpan.Decode(metadata.PlainText ?? [], textSize),
        TypicalP = metadata.TypicalP ?? PromptExtensions.None.TypicalP,
        IgnoreEndOfSequence = metadata.IgnoreEndOfSequence ?? false,
        Logprobs = metadata.Logprobs ?? false,
        Mirostat = metadata.Mirostat is { } mirostat
            ? new MirostatSettings(Require("mirostat.tau", mirostat.Tau), Require("mirostat.eta", mirostat.Eta))
            : null,
        Xtc = metadata.Xtc is { } xtc
            ? new XtcSettings(Require("xtc.probability", xtc.Probability), Require("xtc.threshold", xtc.Threshold))
            : null,
        Dry = metadata.Dry is { } dry ? DecodeDry(dry) : null,
    };

    private static LoraSettings[] DecodeLora(List<PromptExtensionsMetadata.LoraObject?> adapters) =>
    [
        .. adapters.Select(adapter => new LoraSettings(
            adapter?.Path ?? throw new WireException("orchard.lora.path: it is missing."), Require("lora.scale", adapter.Scale))),
    ];

    private static DrySettings DecodeDry(PromptExtensionsMetadata.DryObject dry) => new(
        Require("dry.multiplier", dry.Multiplier),
        Require("dry.base", dry.Base),
        Require("dry.allowed_length", dry.AllowedLength),
        Require("dry.window", dry.Window),
        [
            .. (dry.SequenceBreakers ?? []).Select(
                text => text ?? throw new WireException("orchard.dry.sequence_breakers: an entry is null.")),
        ]);

    private static T Require<T>(string field, T? value)
        where T : struct =>
        value ?? throw new WireException($"orchard.{field}: it is missing.");
}
