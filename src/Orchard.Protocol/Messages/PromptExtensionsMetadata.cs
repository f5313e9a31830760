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

    public List<LoraMetadata?>? Lora { get; set; }

    public string? Pooling { get; set; }

    public string? Query { get; set; }

    /// <summary>Start and length, in turns.</summary>
    public List<int>? PlainText { get; set; }

    /// <exception cref="WireException">A field breaks a rule; the message starts with its name.</exception>
    /// <param name="textSize">Size of the prompt's text.</param>
    public PromptExtensions Decode(ulong textSize) => new()
    {
        Lora = [.. (Lora ?? []).Select(adapter => new LoraSettings(
            adapter?.Path ?? throw new WireException("orchard.lora.path: it is missing."), Needed("lora.scale", adapter.Scale)))],
        Pooling = Pooling,
        Query = Query,
        Plain = DecodePlain(PlainText ?? [], textSize),
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

    /// <summary>Start and length, in turns, as stretches of a text.</summary>
    /// <exception cref="WireException">They are outside the text, or not in order.</exception>
    public static PlainSpan[] DecodePlain(IReadOnlyList<int> numbers, ulong textSize)
    {
        var spans = new PlainSpan[numbers.Count / 2];
        long end = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            (int start, int length) = (numbers[2 * i], numbers[(2 * i) + 1]);
            if (start < end || length < 1 || (ulong)((long)start + length) > textSize)
            {
                throw new WireException($"orchard.plain_text: {length} bytes at {start} are outside the text of {textSize}, or do not follow what came before.");
            }

            spans[i] = new PlainSpan(start, length);
            end = (long)start + length;
        }

        return numbers.Count % 2 == 0 ? spans : throw new WireException("orchard.plain_text: a start has no length.");
    }

    private static T Needed<T>(string field, T? value)
        where T : struct =>
        value ?? throw new WireException($"orchard.{field}: it is missing.");
}

internal sealed class MirostatMetadata
{
    public double? Tau { get; set; }

    public double? Eta { get; set; }
}

internal sealed class LoraMetadata
{
    public string? Path { get; set; }

    public double? Scale { get; set; }
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
