using System.Text.Unicode;

namespace Orchard.Protocol.Messages;

/// <summary>Turns one prompt's metadata and blobs into a <see cref="PromptFrame"/> whose parts are known to fit each other.</summary>
internal static class PromptDecoder
{
    /// <summary>What a missing key means. The seed is the exception: a missing one stays unset.</summary>
    private static readonly PromptFrame Default = new() { RngSeed = null };

    /// <exception cref="WireException">A field breaks a rule; the message starts with its name.</exception>
    public static PromptFrame Decode(PromptMetadata metadata, int position, BlobSection blobs)
    {
        PromptFrame prompt = DecodeGeneration(metadata, position) with
        {
            Text = blobs.Slice("text", metadata.TextOffset, metadata.TextSize),
            Images = blobs.SliceMedia(
                "image", metadata.ImageDataOffset, metadata.ImageDataSize, metadata.ImageSizesOffset, metadata.ImageCount),
            Audio = blobs.SliceMedia(
                "audio", metadata.AudioDataOffset, metadata.AudioDataSize, metadata.AudioSizesOffset, metadata.AudioCount),
            Capabilities = blobs.SliceCapabilities(metadata.CapabilityDataOffset, metadata.CapabilityDataSize, metadata.Capabilities ?? []),
            Layout = metadata.LayoutCount == 0 ? null : blobs.ReadLayout(metadata.LayoutOffset, metadata.LayoutCount),
        };

        if (!Utf8.IsValid(prompt.Text.Span))
        {
            throw new WireException("text: it is not valid UTF-8.");
        }

        if (prompt.Layout is { } layout && LayoutRules.FindProblem(layout, prompt) is { } problem)
        {
            throw new WireException($"layout: {problem}.");
        }

        return prompt;
    }

    private static PromptFrame DecodeGeneration(PromptMetadata metadata, int position) => new()
    {
        PromptIndex = Count("prompt_index", metadata.PromptIndex, position),
        NumCandidates = Math.Max(Count("num_candidates", metadata.NumCandidates, Default.NumCandidates), 1),
        BestOf = OptionalCount("best_of", metadata.BestOf),
        FinalCandidates = OptionalCount("final_candidates", metadata.FinalCandidates),
        MaxGeneratedTokens = Count("max_generated_tokens", metadata.MaxGeneratedTokens, Default.MaxGeneratedTokens),
        Temperature = metadata.Temperature ?? Default.Temperature,
        TopP = metadata.TopP ?? Default.TopP,
        TopK = metadata.TopK ?? Default.TopK,
        MinP = metadata.MinP ?? Default.MinP,
        RngSeed = metadata.RngSeed is { } seed ? (uint)(seed & uint.MaxValue) : Default.RngSeed,
        Deterministic = metadata.Deterministic ?? Default.Deterministic,
        TopLogprobs = Count("top_logprobs", metadata.TopLogprobs, Default.TopLogprobs),
        FrequencyPenalty = metadata.FrequencyPenalty ?? Default.FrequencyPenalty,
        PresencePenalty = metadata.PresencePenalty ?? Default.PresencePenalty,
        RepetitionContextSize = Count("repetition_context_size", metadata.RepetitionContextSize, Default.RepetitionContextSize),
        RepetitionPenalty = metadata.RepetitionPenalty ?? Default.RepetitionPenalty,
        StopSequences = DecodeStopSequences(metadata.StopSequences ?? []),
        ToolSchemasJson = metadata.ToolSchemasJson ?? Default.ToolSchemasJson,
        ActiveToolSchemasJson = metadata.ActiveToolSchemasJson ?? Default.ActiveToolSchemasJson,
        ToolCallingTokens = DecodeToolCallingTokens(metadata.ToolCallingTokens),
        OutputFrameTokens = metadata.OutputFrameTokens ?? Default.OutputFrameTokens,
        ThinkingTokens = metadata.ThinkingTokens is { } thinking
            ? new ThinkingTokens(thinking.Start ?? "", thinking.End ?? "", thinking.Required ?? false)
            : Default.ThinkingTokens,
        ToolChoice = metadata.ToolChoice ?? Default.ToolChoice,
        MinToolCalls = Count("min_tool_calls", metadata.MinToolCalls, Default.MinToolCalls),
        MaxToolCalls = Count("max_tool_calls", metadata.MaxToolCalls, Default.MaxToolCalls),
        ResponseFormatJson = metadata.ResponseFormatJson ?? Default.ResponseFormatJson,
        ModalOptionsJson = metadata.ModalOptionsJson ?? Default.ModalOptionsJson,
        LogitBias = DecodeLogitBias(metadata.LogitBias ?? []),
        TaskName = metadata.TaskName,
        ReasoningEffort = metadata.ReasoningEffort,
        PrefixCache = metadata.PrefixCache ?? Default.PrefixCache,
        Extensions = metadata.Orchard?.Decode(metadata.TextSize) ?? Default.Extensions,
    };

    private static string[] DecodeStopSequences(List<string?> stops) =>
        [.. stops.Select(stop => stop ?? throw new WireException("stop_sequences: an entry is null."))];

    private static TokenBias[] DecodeLogitBias(List<TokenBiasMetadata> entries) =>
        [.. entries.Select(entry => entry is { Token: >= 0, Bias: not null }
            ? new TokenBias(entry.Token.Value, entry.Bias.Value)
            : throw new WireException("logit_bias: an entry has no token, a negative one, or no bias."))];

    private static ToolCallingTokens DecodeToolCallingTokens(ToolCallingTokensMetadata? tokens) => tokens is null
        ? Default.ToolCallingTokens
        : new ToolCallingTokens(
            [.. (tokens.Formats ?? []).Select(DecodeToolCallFormat)], tokens.SectionStart ?? "", tokens.SectionEnd ?? "");

    private static ToolCallFormat DecodeToolCallFormat(ToolCallFormatMetadata format) => new()
    {
        Name = format.Name ?? "",
        CallStart = format.CallStart ?? "",
        InlineStart = format.InlineStart ?? "",
        Channel = format.Channel ?? "",
        RecipientPrefix = format.RecipientPrefix ?? "",
        ConstraintPrefix = format.ConstraintPrefix ?? "",
        Constraint = format.Constraint ?? "",
        Message = format.Message ?? "",
        CallEnd = format.CallEnd ?? "",
    };

    private static int? OptionalCount(string field, int? value) => value is null ? null : Count(field, value, 0);

    private static int Count(string field, int? value, int missing)
    {
        int count = value ?? missing;
        return count >= 0 ? count : throw new WireException($"{field}: {count} is negative.");
    }
}
