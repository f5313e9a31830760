namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>Validates one prompt's metadata and blobs and combines them into a <see cref="WirePrompt"/>.</summary>
internal static class PromptDecoder
{
    /// <summary>Values of missing keys. A missing seed stays unset, unlike in the reference serializer.</summary>
    private static readonly WirePrompt Default = new() { RngSeed = null };

    /// <exception cref="WireException">A field breaks a rule. The message starts with the field's name.</exception>
    public static WirePrompt Decode(PromptMetadata metadata, int position, BlobSection blobs)
    {
        WirePrompt prompt = DecodeGeneration(metadata, position) with
        {
            Text = blobs.Slice("text", metadata.TextOffset, metadata.TextSize),
            Images = blobs.SliceMedia(
                "image", metadata.ImageDataOffset, metadata.ImageDataSize, metadata.ImageSizesOffset, metadata.ImageCount),
            Audio = blobs.SliceMedia(
                "audio", metadata.AudioDataOffset, metadata.AudioDataSize, metadata.AudioSizesOffset, metadata.AudioCount),
            Capabilities = blobs.SliceCapabilities(metadata.CapabilityDataOffset, metadata.CapabilityDataSize, metadata.Capabilities ?? []),
            Layout = metadata.LayoutCount == 0 ? null : blobs.ReadLayout(metadata.LayoutOffset, metadata.LayoutCount),
        };

        if (!prompt.Text.IsValid)
        {
            throw new WireException("text: it is not valid UTF-8.");
        }

        if (prompt.Layout is { } layout && LayoutRules.FindProblem(layout, prompt) is { } problem)
        {
            throw new WireException($"layout: {problem}.");
        }

        return prompt;
    }

    private static WirePrompt DecodeGeneration(PromptMetadata metadata, int position) => new()
    {
        PromptIndex = Count("prompt_index", metadata.PromptIndex, position),
        NumCandidates = Math.Max(Count("num_candidates", metadata.NumCandidates, Default.NumCandidates), 1),
        BestOf = NullableCount("best_of", metadata.BestOf),
        FinalCandidates = NullableCount("final_candidates", metadata.FinalCandidates),
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
        Extensions = metadata.Orchard is { } extensions
            ? PromptExtensionsDecoder.Decode(extensions, metadata.TextSize)
            : Default.Extensions,
    };

    private static string[] DecodeStopSequences(List<string?> stops) =>
        [.. stops.Select(stop => stop ?? throw new WireException("stop_sequences: an entry is null."))];

    private static TokenBias[] DecodeLogitBias(List<PromptMetadata.TokenBiasObject> entries) =>
        [.. entries.Select(entry => entry is { Token: >= 0, Bias: not null }
            ? new TokenBias(entry.Token.Value, entry.Bias.Value)
            : throw new WireException("logit_bias: an entry has no token, a negative one, or no bias."))];

    private static ToolCallingTokens DecodeToolCallingTokens(PromptMetadata.ToolCallingTokensObject? tokens) => tokens is null
        ? Default.ToolCallingTokens
        : new ToolCallingTokens(
            [.. (tokens.Formats ?? []).Select(DecodeToolCallFormat)], tokens.SectionStart ?? "", tokens.SectionEnd ?? "");

    private static ToolCallFormat DecodeToolCallFormat(PromptMetadata.ToolCallFormatObject format) => new()
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

    private static int? NullableCount(string field, int? value) => value is null ? null : Count(field, value, 0);

    private static int Count(string field, int? value, int missing)
    {
        int count = value ?? missing;
        return count >= 0 ? count : throw new WireException($"{field}: {count} is negative.");
    }
}
