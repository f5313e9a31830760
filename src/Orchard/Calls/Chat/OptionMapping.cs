using Orchard.Protocol;
using Orchard.Protocol.Messages;

namespace Orchard.Calls.Chat;

/// <summary>Generation options in the wire's terms, and back. Pure but for the seed that nobody named.</summary>
internal static class OptionMapping
{
    /// <summary>The frame of a prompt that has no text yet.</summary>
    public static PromptFrame Create(GenerationOptions options) => new()
    {
        NumCandidates = options.CandidateCount,
        BestOf = options.GeneratedCandidates,
        FinalCandidates = options.CandidateCount,
        MaxGeneratedTokens = options.MaxTokens ?? 0,
        Temperature = options.Temperature,
        TopP = options.TopP,
        TopK = options.TopK ?? -1,
        MinP = options.MinP,
        RngSeed = options.Seed ?? (options.Deterministic ? null : (uint)Random.Shared.Next()),
        Deterministic = options.Deterministic,
        TopLogprobs = options.TopLogprobs,
        RepetitionPenalty = options.RepetitionPenalty,
        FrequencyPenalty = options.FrequencyPenalty,
        PresencePenalty = options.PresencePenalty,
        RepetitionContextSize = options.PenaltyWindow,
        StopSequences = options.StopStrings,
        LogitBias = [.. options.LogitBias.OrderBy(entry => entry.Key).Select(entry => new TokenBias(entry.Key, entry.Value))],
        PrefixCache = options.PrefixCache,
        ResponseFormatJson = options.ResponseFormat.Json,
        ToolSchemasJson = ToolJson.Core(options.Tools),
        ActiveToolSchemasJson = ToolJson.Active(options.Tools),
        ToolChoice = ToolJson.Choice(options.ToolChoice),
        MinToolCalls = options.MinToolCalls,
        MaxToolCalls = options.MaxToolCalls ?? 0,
        ReasoningEffort = ThinkingEffortNames.Of(options.ThinkingEffort),
        Extensions = CreateExtensions(options),
    };

    /// <summary>The first option that the family's engines do not know; null when there is none.</summary>
    public static string? FindExtension(GenerationOptions options) =>
        options.TypicalP < 1 ? nameof(options.TypicalP)
        : options.IgnoreEndOfSequence ? nameof(options.IgnoreEndOfSequence)
        : options.WantsLogprobs ? nameof(options.Logprobs)
        : options.Mirostat is not null ? nameof(options.Mirostat)
        : options.Dry is not null ? nameof(options.Dry)
        : options.Xtc is not null ? nameof(options.Xtc)
        : options.LoraAdapters.Count > 0 ? nameof(options.LoraAdapters)
        : options.ResponseFormat.IsOurs ? nameof(options.ResponseFormat)
        : null;

    private static PromptExtensions CreateExtensions(GenerationOptions options) => new()
    {
        TypicalP = options.TypicalP,
        IgnoreEndOfSequence = options.IgnoreEndOfSequence,
        Logprobs = options.WantsLogprobs,
        Mirostat = options.Mirostat is { } mirostat ? new MirostatSettings(mirostat.Tau, mirostat.Eta) : null,
        Dry = options.Dry is { } dry
            ? new DrySettings(dry.Multiplier, dry.Base, dry.AllowedLength, dry.Window, dry.SequenceBreakers)
            : null,
        Lora = [.. options.LoraAdapters.Select(adapter => new LoraSettings(UserPath.GetFullPath(adapter.Path), adapter.Scale))],
        Xtc = options.Xtc is { } xtc ? new XtcSettings(xtc.Probability, xtc.Threshold) : null,
    };
}
