using Orchard.Protocol.Messages.Requests;

namespace Orchard;

/// <summary>Generation options in the wire's terms, and back. Pure but for the seed that nobody named.</summary>
internal static class OptionFrame
{
    /// <summary>The frame of a prompt that has no text yet.</summary>
    public static WirePrompt Create(GenerationOptions options) => new()
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
        ToolSchemasJson = ToolFrame.Core(options.Tools),
        ActiveToolSchemasJson = ToolFrame.Active(options.Tools),
        ToolChoice = ToolFrame.Choice(options.ToolChoice),
        MinToolCalls = options.MinToolCalls,
        MaxToolCalls = options.MaxToolCalls ?? 0,
        ReasoningEffort = Name(options.ThinkingEffort),
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

    /// <summary>An effort's name on the wire and in templates.</summary>
    public static string? Name(ThinkingEffort? effort) => effort switch
    {
        ThinkingEffort.Minimal => "minimal",
        ThinkingEffort.Low => "low",
        ThinkingEffort.Medium => "medium",
        ThinkingEffort.High => "high",
        _ => null,
    };

    /// <summary>The options a prompt was sent with.</summary>
    public static GenerationOptions Read(WirePrompt prompt) => new()
    {
        MaxTokens = prompt.MaxGeneratedTokens > 0 ? prompt.MaxGeneratedTokens : null,
        Temperature = prompt.Temperature,
        TopP = prompt.TopP,
        TopK = prompt.TopK > 0 ? prompt.TopK : null,
        MinP = prompt.MinP,
        TypicalP = prompt.Extensions.TypicalP,
        RepetitionPenalty = prompt.RepetitionPenalty,
        FrequencyPenalty = prompt.FrequencyPenalty,
        PresencePenalty = prompt.PresencePenalty,
        PenaltyWindow = prompt.RepetitionContextSize,
        LogitBias = prompt.LogitBias.ToDictionary(entry => entry.Token, entry => entry.Bias),
        Mirostat = prompt.Extensions.Mirostat is { } mirostat ? new MirostatOptions { Tau = mirostat.Tau, Eta = mirostat.Eta } : null,
        Dry = prompt.Extensions.Dry is { } dry
            ? new DryOptions
            {
                Multiplier = dry.Multiplier,
                Base = dry.Base,
                AllowedLength = dry.AllowedLength,
                Window = dry.Window,
                SequenceBreakers = dry.SequenceBreakers,
            }
            : null,
        Xtc = prompt.Extensions.Xtc is { } xtc ? new XtcOptions { Probability = xtc.Probability, Threshold = xtc.Threshold } : null,
        LoraAdapters = [.. prompt.Extensions.Lora.Select(adapter => new LoraAdapter(adapter.Path, adapter.Scale))],
        Seed = prompt.RngSeed,
        StopStrings = prompt.StopSequences,
        IgnoreEndOfSequence = prompt.Extensions.IgnoreEndOfSequence,
        CandidateCount = prompt.FinalCandidates ?? prompt.CandidateCount,
        BestOf = prompt.CandidateCount == prompt.FinalCandidates ? null : prompt.CandidateCount,
        ResponseFormat = ResponseFormat.Read(prompt.ResponseFormatJson),
        Logprobs = prompt.Extensions.Logprobs,
        TopLogprobs = prompt.TopLogprobs,
        Deterministic = prompt.Deterministic,
        PrefixCache = prompt.PrefixCache,
        Tools = ToolFrame.Read(prompt.ToolSchemasJson),
        ToolChoice = ToolFrame.ReadChoice(prompt.ToolChoice),
        MinToolCalls = prompt.MinToolCalls,
        MaxToolCalls = prompt.MaxToolCalls > 0 ? prompt.MaxToolCalls : null,
        ThinkingEffort = prompt.ReasoningEffort is { } effort ? Enum.Parse<ThinkingEffort>(effort, ignoreCase: true) : null,
    };

    private static PromptExtensions CreateExtensions(GenerationOptions options) => new()
    {
        TypicalP = options.TypicalP,
        IgnoreEndOfSequence = options.IgnoreEndOfSequence,
        Logprobs = options.WantsLogprobs,
        Mirostat = options.Mirostat is { } mirostat ? new MirostatSettings(mirostat.Tau, mirostat.Eta) : null,
        Dry = options.Dry is { } dry
            ? new DrySettings(dry.Multiplier, dry.Base, dry.AllowedLength, dry.Window, dry.SequenceBreakers)
            : null,
        Lora = [.. options.LoraAdapters.Select(adapter => new LoraSettings(Path.GetFullPath(adapter.Path), adapter.Scale))],
        Xtc = options.Xtc is { } xtc ? new XtcSettings(xtc.Probability, xtc.Threshold) : null,
    };
}
