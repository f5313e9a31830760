using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Checks the Orchard extensions of a prompt.</summary>
internal static class ExtensionRules
{
    public const int MaxSequenceBreakers = 64;

    /// <summary>Most LoRA adapters per prompt.</summary>
    public const int MaxAdapters = 16;

    /// <summary>Returns an error for the first value outside its range, or null.</summary>
    public static RequestError? Check(PromptExtensions extensions) =>
        ValueRules.CheckRange("orchard.typical_p", extensions.TypicalP, 0, 1)
        ?? Check(extensions.Lora)
        ?? Check(extensions.Mirostat)
        ?? Check(extensions.Xtc)
        ?? Check(extensions.Dry);

    private static RequestError? Check(IReadOnlyList<LoraSettings> adapters) =>
        ValueRules.CheckRange("orchard.lora count", adapters.Count, 0, MaxAdapters)
        ?? adapters
            .Select(adapter => ValueRules.CheckRange("orchard.lora.scale", adapter.Scale, -100, 100))
            .FirstOrDefault(error => error is not null);

    private static RequestError? Check(MirostatSettings? mirostat) => mirostat is null
        ? null
        : ValueRules.CheckRange("orchard.mirostat.tau", mirostat.Tau, 0, 100)
            ?? ValueRules.CheckRange("orchard.mirostat.eta", mirostat.Eta, 0, 1);

    private static RequestError? Check(XtcSettings? xtc) => xtc is null
        ? null
        : ValueRules.CheckRange("orchard.xtc.probability", xtc.Probability, 0, 1)
            ?? ValueRules.CheckRange("orchard.xtc.threshold", xtc.Threshold, 0, 1);

    private static RequestError? Check(DrySettings? dry)
    {
        if (dry is null)
        {
            return null;
        }

        // An empty breaker would end every repetition.
        bool badBreaker = dry.SequenceBreakers.Any(text => text.Length == 0);
        return ValueRules.CheckRange("orchard.dry.multiplier", dry.Multiplier, 0, 100)
            ?? ValueRules.CheckRange("orchard.dry.base", dry.Base, 1, 100)
            ?? ValueRules.CheckRange("orchard.dry.allowed_length", dry.AllowedLength, 0, int.MaxValue)
            ?? ValueRules.CheckRange("orchard.dry.window", dry.Window, 0, int.MaxValue)
            ?? ValueRules.CheckRange("orchard.dry.sequence_breakers count", dry.SequenceBreakers.Count, 0, MaxSequenceBreakers)
            ?? (badBreaker
                ? new RequestError(ErrorCode.InvalidRequest, "orchard.dry.sequence_breakers contains an empty text.")
                : null);
    }
}
