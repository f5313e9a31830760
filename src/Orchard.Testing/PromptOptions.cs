using System.Text.Json;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Testing;

/// <summary>Reads the options that a prompt was sent with.</summary>
internal static class PromptOptions
{
    /// <summary>Returns the options; the seed is the one that was sent, also where the caller gave none.</summary>
    public static GenerationOptions Read(WirePrompt prompt) => new()
    {
        MaxOutputTokens = prompt.MaxGeneratedTokens > 0 ? prompt.MaxGeneratedTokens : null,
        Temperature = prompt.Temperature,
        TopP = prompt.TopP,
        TopK = Math.Max(0, prompt.TopK),
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
        StopSequences = prompt.StopSequences,
        IgnoreEndOfSequence = prompt.Extensions.IgnoreEndOfSequence,
        CandidateCount = prompt.FinalCandidates ?? prompt.CandidateCount,
        BestOf = prompt.CandidateCount == prompt.FinalCandidates ? null : prompt.CandidateCount,
        ResponseFormat = ResponseFormat.FromWire(prompt.ResponseFormatJson),
        IncludeLogprobs = prompt.Extensions.Logprobs,
        TopLogprobs = prompt.TopLogprobs,
        IsDeterministic = prompt.Deterministic,
        UsePrefixCache = prompt.PrefixCache,
        Tools = ReadTools(prompt.ToolSchemasJson),
        ToolChoice = ReadChoice(prompt.ToolChoice),
        MinToolCalls = prompt.MinToolCalls,
        MaxToolCalls = prompt.MaxToolCalls > 0 ? prompt.MaxToolCalls : null,
        ReasoningEffort = prompt.ReasoningEffort is { } effort ? Enum.Parse<ReasoningEffort>(effort, ignoreCase: true) : null,
    };

    private static IReadOnlyList<Tool> ReadTools(string core)
    {
        if (core.Length == 0)
        {
            return [];
        }

        using JsonDocument json = JsonDocument.Parse(core);
        return
        [
            .. json.RootElement.EnumerateArray().Select(tool =>
                new Tool(tool.GetProperty("name").GetString()!, tool.GetProperty("description").GetString(), tool.GetProperty("parameters"))
                {
                    IsStrict = tool.GetProperty("strict").GetBoolean(),
                }),
        ];
    }

    private static ToolChoice ReadChoice(string text)
    {
        switch (text)
        {
            case "none":
                return ToolChoice.None;
            case "required":
                return ToolChoice.Required;
            case "" or "auto":
                return ToolChoice.Auto;
            default:
                using (JsonDocument json = JsonDocument.Parse(text))
                {
                    return ToolChoice.Named(json.RootElement.GetProperty("name").GetString()!);
                }
        }
    }
}
