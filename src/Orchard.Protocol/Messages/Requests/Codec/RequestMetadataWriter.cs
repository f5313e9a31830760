namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>Writes the metadata of a request with its keys in the order of PIE's reference serializer.</summary>
internal static class RequestMetadataWriter
{
    public static void Write(WireRequest request, PromptPlacement[] placements, MetadataWriter json)
    {
        json.StartObject();
        json.Unsigned("request_id", request.RequestId);
        json.String("model_id", request.ModelId);
        json.String("model_path", request.ModelPath);
        json.Integer("request_type", (int)request.Type);
        json.Unsigned("request_channel_id", request.RequestChannelId);
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
        json.String("response_format_json", prompt.ResponseFormatJson);
        json.String("modal_options_json", prompt.ModalOptionsJson);
        json.StartArray("logit_bias");
        foreach (TokenBias bias in prompt.LogitBias)
        {
            json.StartObject();
            json.Count("token", bias.Token);
            json.Float("bias", bias.Bias);
            json.EndObject();
        }

        json.EndArray();
        json.OptionalString("task_name", prompt.TaskName);
        json.OptionalString("reasoning_effort", prompt.ReasoningEffort);
        json.Boolean("prefix_cache", prompt.PrefixCache);
        PromptExtensionsWriter.Write(json, prompt.Extensions);
    }

    private static void WriteCandidates(MetadataWriter json, WirePrompt prompt)
    {
        int candidates = Math.Max(prompt.NumCandidates, 1);
        int bestOf = prompt.BestOf ?? candidates;
        json.Count("prompt_index", prompt.PromptIndex);
        json.Count("num_candidates", candidates);
        json.Count("best_of", bestOf);
        json.Count("final_candidates", prompt.FinalCandidates ?? bestOf);
        json.Count("max_generated_tokens", prompt.MaxGeneratedTokens);
    }

    private static void WriteLocations(MetadataWriter json, WirePrompt prompt, in PromptPlacement placement)
    {
        json.Count("text_offset", placement.Text.Offset);
        json.Count("text_size", placement.Text.Size);
        json.Count("image_data_offset", placement.ImageData.Offset);
        json.Count("image_data_size", placement.ImageData.Size);
        json.Count("image_sizes_offset", placement.ImageSizes.Offset);
        json.Count("image_count", prompt.Images.Count);
        json.Count("audio_data_offset", placement.AudioData.Offset);
        json.Count("audio_data_size", placement.AudioData.Size);
        json.Count("audio_sizes_offset", placement.AudioSizes.Offset);
        json.Count("audio_count", prompt.Audio.Count);
        json.Count("capability_data_offset", placement.CapabilityData.Offset);
        json.Count("capability_data_size", placement.CapabilityData.Size);
        json.StartArray("capabilities");
        foreach (CapabilityInput capability in prompt.Capabilities)
        {
            json.StartObject();
            json.String("name", capability.Name);
            json.Integer("position", capability.Position);
            json.Count("payload_size", capability.Payload.Length);
            json.EndObject();
        }

        json.EndArray();
        json.Count("layout_offset", placement.Layout.Offset);
        json.Count("layout_count", placement.LayoutSegments.Count);
    }

    private static void WriteSampling(MetadataWriter json, WirePrompt prompt)
    {
        json.Float("temperature", prompt.Temperature);
        json.Float("top_p", prompt.TopP);
        json.Integer("top_k", prompt.TopK);
        json.Float("min_p", prompt.MinP);

        // PIE reads a null as a seed, so an unset seed must not have a key.
        if (prompt.RngSeed is { } seed)
        {
            json.Count("rng_seed", seed);
        }

        json.Boolean("deterministic", prompt.Deterministic);
        json.Count("top_logprobs", prompt.TopLogprobs);
        json.Float("frequency_penalty", prompt.FrequencyPenalty);
        json.Float("presence_penalty", prompt.PresencePenalty);
        json.Count("repetition_context_size", prompt.RepetitionContextSize);
        json.Float("repetition_penalty", prompt.RepetitionPenalty);
        json.Strings("stop_sequences", prompt.StopSequences);
    }

    private static void WriteTools(MetadataWriter json, WirePrompt prompt)
    {
        string active = prompt.ActiveToolSchemasJson.Length > 0 ? prompt.ActiveToolSchemasJson : prompt.ToolSchemasJson;
        json.String("tool_schemas_json", prompt.ToolSchemasJson);
        json.String("active_tool_schemas_json", active);
        WriteToolCallingTokens(json, prompt.ToolCallingTokens);
        json.StartObject("output_frame_tokens");
        foreach ((string name, string token) in prompt.OutputFrameTokens)
        {
            json.String(name, token);
        }

        json.EndObject();
        json.StartObject("thinking_tokens");
        json.String("start", prompt.ThinkingTokens.Start);
        json.String("end", prompt.ThinkingTokens.End);
        json.Boolean("required", prompt.ThinkingTokens.Required);
        json.EndObject();
        json.String("tool_choice", prompt.ToolChoice);
        json.Count("min_tool_calls", prompt.MinToolCalls == 0 ? 1 : prompt.MinToolCalls);
        json.Count("max_tool_calls", prompt.MaxToolCalls);
    }

    private static void WriteToolCallingTokens(MetadataWriter json, ToolCallingTokens tokens)
    {
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
