namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>
/// Writes the metadata of a request with its keys in the order of PIE's reference serializer. The defaults are those that
/// <see cref="PromptDecoder"/> takes for missing keys.
/// </summary>
internal static class RequestMetadataWriter
{
    private static readonly WirePrompt Default = new();

    public static void Write(WireRequest request, PromptPlacement[] placements, MetadataWriter json)
    {
        json.StartObject();
        json.Unsigned("request_id", request.RequestId);
        json.String("model_id", request.ModelId);
        json.String("model_path", request.ModelPath, unless: "");
        json.Integer("request_type", (int)request.Type, unless: 0);
        json.Unsigned("request_channel_id", request.RequestChannelId, unless: 0);
        json.Unsigned("response_channel_id", request.ResponseChannelId);
        json.StartArray("prompts");
        for (int i = 0; i < placements.Length; i++)
        {
            json.EnterScope($"prompts[{i}].");
            json.StartObject();
            WritePrompt(json, request.Prompts[i], placements[i]);
            json.EndObject();
        }

        json.EndArray();
        json.EnterScope("");
        WriteExtensions(request, json);

        json.EndObject();
    }

    private static void WriteExtensions(WireRequest request, MetadataWriter json)
    {
        if (request is
            { WantsAcknowledgement: false, OmitsItemValues: false, WantsPrefillProgress: false, KeepAlive: null, TraceParent: null })
        {
            return;
        }

        json.StartObject("orchard");
        if (request.WantsAcknowledgement)
        {
            json.Boolean("acknowledge", true);
        }

        if (request.OmitsItemValues)
        {
            json.Boolean("omit_item_values", true);
        }

        if (request.WantsPrefillProgress)
        {
            json.Boolean("prefill_progress", true);
        }

        if (KeepAliveTime.ToSeconds(request.KeepAlive) is { } keepAlive)
        {
            json.Float("keep_alive", keepAlive);
        }

        if (request.TraceParent is { } traceParent)
        {
            json.String("traceparent", traceParent);
        }

        json.EndObject();
    }

    private static void WritePrompt(MetadataWriter json, WirePrompt prompt, in PromptPlacement placement)
    {
        WriteCandidates(json, prompt);
        WriteLocations(json, prompt, placement);
        WriteSampling(json, prompt);
        WriteTools(json, prompt);
        json.String("response_format_json", prompt.ResponseFormatJson, unless: "");
        json.String("modal_options_json", prompt.ModalOptionsJson, unless: "");
        WriteLogitBias(json, prompt.LogitBias);
        json.OptionalString("task_name", prompt.TaskName);
        json.OptionalString("reasoning_effort", prompt.ReasoningEffort);
        json.Boolean("prefix_cache", prompt.PrefixCache, unless: Default.PrefixCache);
        PromptExtensionsWriter.Write(json, prompt.Extensions);
    }

    private static void WriteCandidates(MetadataWriter json, WirePrompt prompt)
    {
        int candidates = Math.Max(prompt.NumCandidates, 1);
        int bestOf = prompt.BestOf ?? candidates;
        json.Count("prompt_index", prompt.PromptIndex);
        json.Count("num_candidates", candidates, unless: Default.NumCandidates);
        json.Count("best_of", bestOf, unless: candidates);
        json.Count("final_candidates", prompt.FinalCandidates ?? bestOf, unless: bestOf);
        json.Count("max_generated_tokens", prompt.MaxGeneratedTokens, unless: Default.MaxGeneratedTokens);
    }

    private static void WriteLogitBias(MetadataWriter json, IReadOnlyList<TokenBias> entries)
    {
        if (!json.Writes(isDefault: entries.Count == 0))
        {
            return;
        }

        json.StartArray("logit_bias");
        foreach (TokenBias bias in entries)
        {
            json.StartObject();
            json.Count("token", bias.Token);
            json.Float("bias", bias.Bias);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void WriteLocations(MetadataWriter json, WirePrompt prompt, in PromptPlacement placement)
    {
        WriteRange(json, "text_offset", "text_size", placement.Text);
        WriteRange(json, "image_data_offset", "image_data_size", placement.ImageData);
        WriteList(json, "image_sizes_offset", "image_count", placement.ImageSizes, prompt.Images.Count);
        WriteRange(json, "audio_data_offset", "audio_data_size", placement.AudioData);
        WriteList(json, "audio_sizes_offset", "audio_count", placement.AudioSizes, prompt.Audio.Count);
        WriteRange(json, "capability_data_offset", "capability_data_size", placement.CapabilityData);
        WriteCapabilities(json, prompt.Capabilities);
        WriteList(json, "layout_offset", "layout_count", placement.Layout, placement.LayoutSegments.Count);
    }

    private static void WriteRange(MetadataWriter json, string offset, string size, BlobRange range)
    {
        if (json.Writes(isDefault: range.Size == 0))
        {
            json.Count(offset, range.Offset);
            json.Count(size, range.Size);
        }
    }

    private static void WriteList(MetadataWriter json, string offset, string count, BlobRange range, int length)
    {
        if (json.Writes(isDefault: length == 0))
        {
            json.Count(offset, range.Offset);
            json.Count(count, length);
        }
    }

    private static void WriteCapabilities(MetadataWriter json, IReadOnlyList<CapabilityInput> capabilities)
    {
        if (!json.Writes(isDefault: capabilities.Count == 0))
        {
            return;
        }

        json.StartArray("capabilities");
        foreach (CapabilityInput capability in capabilities)
        {
            json.StartObject();
            json.String("name", capability.Name);
            json.Integer("position", capability.Position);
            json.Count("payload_size", capability.Payload.Length);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void WriteSampling(MetadataWriter json, WirePrompt prompt)
    {
        json.Float("temperature", prompt.Temperature, unless: Default.Temperature);
        json.Float("top_p", prompt.TopP, unless: Default.TopP);
        json.Integer("top_k", prompt.TopK, unless: Default.TopK);
        json.Float("min_p", prompt.MinP, unless: Default.MinP);

        // PIE reads a null as a seed, so an unset seed must not have a key.
        if (prompt.RngSeed is { } seed)
        {
            json.Count("rng_seed", seed);
        }

        json.Boolean("deterministic", prompt.Deterministic, unless: Default.Deterministic);
        json.Count("top_logprobs", prompt.TopLogprobs, unless: Default.TopLogprobs);
        json.Float("frequency_penalty", prompt.FrequencyPenalty, unless: Default.FrequencyPenalty);
        json.Float("presence_penalty", prompt.PresencePenalty, unless: Default.PresencePenalty);
        json.Count("repetition_context_size", prompt.RepetitionContextSize, unless: Default.RepetitionContextSize);
        json.Float("repetition_penalty", prompt.RepetitionPenalty, unless: Default.RepetitionPenalty);
        json.Strings("stop_sequences", prompt.StopSequences);
    }

    private static void WriteTools(MetadataWriter json, WirePrompt prompt)
    {
        string active = prompt.ActiveToolSchemasJson.Length > 0 ? prompt.ActiveToolSchemasJson : prompt.ToolSchemasJson;
        json.String("tool_schemas_json", prompt.ToolSchemasJson, unless: Default.ToolSchemasJson);
        json.String("active_tool_schemas_json", active, unless: prompt.ToolSchemasJson);
        WriteToolCallingTokens(json, prompt.ToolCallingTokens);
        WriteOutputFrameTokens(json, prompt.OutputFrameTokens);
        WriteThinkingTokens(json, prompt.ThinkingTokens);
        json.String("tool_choice", prompt.ToolChoice, unless: Default.ToolChoice);
        json.Count("min_tool_calls", prompt.MinToolCalls == 0 ? 1 : prompt.MinToolCalls, unless: Default.MinToolCalls);
        json.Count("max_tool_calls", prompt.MaxToolCalls, unless: Default.MaxToolCalls);
    }

    private static void WriteOutputFrameTokens(MetadataWriter json, IReadOnlyList<KeyValuePair<string, string>> tokens)
    {
        if (!json.Writes(isDefault: tokens.Count == 0))
        {
            return;
        }

        json.StartObject("output_frame_tokens");
        foreach ((string name, string token) in tokens)
        {
            json.String(name, token);
        }

        json.EndObject();
    }

    private static void WriteThinkingTokens(MetadataWriter json, ThinkingTokens tokens)
    {
        if (!json.Writes(isDefault: tokens == Default.ThinkingTokens))
        {
            return;
        }

        json.StartObject("thinking_tokens");
        json.String("start", tokens.Start);
        json.String("end", tokens.End);
        json.Boolean("required", tokens.Required);
        json.EndObject();
    }

    private static void WriteToolCallingTokens(MetadataWriter json, ToolCallingTokens tokens)
    {
        if (!json.Writes(isDefault: tokens is { Formats.Count: 0, SectionStart: "", SectionEnd: "" }))
        {
            return;
        }

        json.StartObject("tool_calling_tokens");
        json.StartArray("formats");
        foreach (ToolCallFormat format in tokens.Formats)
        {
            json.StartObject();
            json.String("name", format.Name);
            json.String("call_start", format.CallStart);
            json.String("inline_start", format.InlineStart);
            json.String("channel", format.Channel);
            json.String("recipient_prefix", format.RecipientPrefix);
            json.String("constraint_prefix", format.ConstraintPrefix);
            json.String("constraint", format.Constraint);
            json.String("message", format.Message);
            json.String("call_end", format.CallEnd);
            json.EndObject();
        }

        json.EndArray();
        json.String("section_start", tokens.SectionStart);
        json.String("section_end", tokens.SectionEnd);
        json.EndObject();
    }
}
