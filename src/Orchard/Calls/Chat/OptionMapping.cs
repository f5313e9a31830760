using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Calls.Chat;

/// <summary>Maps generation options to the wire. Pure except for the seed, which is random if the caller sets none.</summary>
internal static class OptionMapping
{
    /// <summary>Returns the frame of a prompt that has no text yet.</summary>
    /// <param name="options">The caller's options.</param>
    /// <param name="recommended">The model's recommendation, for options that are null.</param>
    public static WirePrompt Create(GenerationOptions options, RecommendedSampling recommended) =>
        Create(options, new ResolvedSampling(options, recommended));

    private static WirePrompt Create(GenerationOptions options, ResolvedSampling sampling) => new()
    {
        NumCandidates = options.CandidateCount,
        BestOf = options.GeneratedCandidates,
        FinalCandidates = options.CandidateCount,
        MaxGeneratedTokens = options.MaxOutputTokens ?? 0,
        Temperature = sampling.Temperature,
        TopP = sampling.TopP,
        TopK = sampling.TopK == 0 ? -1 : sampling.TopK,
        MinP = sampling.MinP,
        RngSeed = options.Seed ?? (options.IsDeterministic ? null : (uint)Random.Shared.Next()),
        Deterministic = options.IsDeterministic,
        TopLogprobs = options.TopLogprobs,
        RepetitionPenalty = sampling.RepetitionPenalty,
        FrequencyPenalty = sampling.FrequencyPenalty,
        PresencePenalty = sampling.PresencePenalty,
        RepetitionContextSize = sampling.PenaltyWindow,
        StopSequences = options.StopSequences,
        LogitBias = [.. options.LogitBias.OrderBy(entry => entry.Key).Select(entry => new TokenBias(entry.Key, entry.Value))],
        PrefixCache = options.UsePrefixCache,
        ResponseFormatJson = options.ResponseFormat.Json,
        ToolSchemasJson = ToolJson.Core(options.Tools),
        ActiveToolSchemasJson = ToolJson.Active(options.Tools),
        ToolChoice = ToolJson.Choice(options.ToolChoice),
        MinToolCalls = options.MinToolCalls,
        MaxToolCalls = options.MaxToolCalls ?? 0,
        ReasoningEffort = ReasoningEffortNames.Of(options.ReasoningEffort),
        Extensions = CreateExtensions(options, sampling),
    };

    /// <summary>Returns the first option that only Orchard's engine supports; null when there is none.</summary>
    public static string? FindExtension(GenerationOptions options) =>
        options.TypicalP is < 1 ? nameof(options.TypicalP)
        : options.IgnoreEndOfSequence ? nameof(options.IgnoreEndOfSequence)
        : options.WantsLogprobs ? nameof(options.IncludeLogprobs)
        : options.Mirostat is not null ? nameof(options.Mirostat)
        : options.Dry is { Multiplier: > 0 } ? nameof(options.Dry)
        : options.Xtc is { Probability: > 0 } ? nameof(options.Xtc)
        : options.LoraAdapters.Count > 0 ? nameof(options.LoraAdapters)
        : options.ResponseFormat.NeedsOrchardEngine ? nameof(options.ResponseFormat)
        : null;

    private static PromptExtensions CreateExtensions(GenerationOptions options, ResolvedSampling sampling) => new()
    {
        TypicalP = sampling.TypicalP,
        IgnoreEndOfSequence = options.IgnoreEndOfSequence,
        Logprobs = options.WantsLogprobs,
        Mirostat = sampling.Mirostat is { } mirostat ? new MirostatSettings(mirostat.Tau, mirostat.Eta) : null,
        Dry = options.Dry is { } dry
            ? new DrySettings(dry.Multiplier, dry.Base, dry.AllowedLength, dry.Window, dry.SequenceBreakers)
            : null,
        Lora = [.. options.LoraAdapters.Select(adapter => new LoraSettings(UserPath.GetFullPath(adapter.Path), adapter.Scale))],
        Xtc = sampling.Xtc is { } xtc ? new XtcSettings(xtc.Probability, xtc.Threshold) : null,
    };
}
