using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>The ranges of what clients of ours ask beyond the family's fields. Pure.</summary>
internal static class ExtensionRules
{
    public const int MaxSequenceBreakers = 64;

    /// <summary>Most LoRA adapters of one prompt.</summary>
    public const int MaxAdapters = 16;

    /// <summary>The first value outside its range, or null.</summary>
    public static RequestError? Check(PromptExtensions extensions) =>
        RequestRules.CheckRange("orchard.typical_p", extensions.TypicalP, 0, 1)
        ?? Check(extensions.Lora)
        ?? Check(extensions.Mirostat)
        ?? Check(extensions.Xtc)
        ?? Check(extensions.Dry);

    private static RequestError? Check(IReadOnlyList<LoraSettings> adapters) =>
        RequestRules.CheckRange("orchard.lora count", adapters.Count, 0, MaxAdapters)
        ?? adapters.Select(adapter => RequestRules.CheckRange("orchard.lora.scale", adapter.Scale, -100, 100)).FirstOrDefault(error => error is not null);

    private static RequestError? Check(MirostatSettings? mirostat) => mirostat is null
        ? null
        : RequestRules.CheckRange("orchard.mirostat.tau", mirostat.Tau, 0, 100) ?? RequestRules.CheckRange("orchard.mirostat.eta", mirostat.Eta, 0, 1);

    private static RequestError? Check(XtcSettings? xtc) => xtc is null
        ? null
        : RequestRules.CheckRange("orchard.xtc.probability", xtc.Probability, 0, 1) ?? RequestRules.CheckRange("orchard.xtc.threshold", xtc.Threshold, 0, 1);

    private static RequestError? Check(DrySettings? dry)
    {
        if (dry is null)
        {
            return null;
        }

        // The library takes no text with a NUL, and an empty one would break every sequence.
        bool badBreaker = dry.SequenceBreakers.Any(text => text.Length == 0 || text.Contains('\0', StringComparison.Ordinal));
        return RequestRules.CheckRange("orchard.dry.multiplier", dry.Multiplier, 0, 100)
            ?? RequestRules.CheckRange("orchard.dry.base", dry.Base, 1, 100)
            ?? RequestRules.CheckRange("orchard.dry.allowed_length", dry.AllowedLength, 0, int.MaxValue)
            ?? RequestRules.CheckRange("orchard.dry.window", dry.Window, 0, int.MaxValue)
            ?? RequestRules.CheckRange("orchard.dry.sequence_breakers count", dry.SequenceBreakers.Count, 0, MaxSequenceBreakers)
            ?? (badBreaker ? new RequestError(ErrorCode.InvalidRequest, "orchard.dry.sequence_breakers holds a text that is empty or has a NUL.") : null);
    }
}
