using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Protocol.Tests.Messages;

/// <summary>Builds the request of a vector's input, with the conversions that the reference client makes before serializing.</summary>
internal static class RequestVector
{
    private static readonly Dictionary<string, RequestType> TypeNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["generation"] = RequestType.Generation,
        ["embedding"] = RequestType.Embedding,
        ["omni"] = RequestType.Omni,
        ["prefill_task"] = RequestType.PrefillTask,
        ["image"] = RequestType.Image,
        ["image_generation"] = RequestType.Image,
    };

    public static WireRequest Build(JsonElement input)
    {
        JsonElement args = input.GetProperty("args");
        JsonElement type = args.GetProperty("request_type");
        return new WireRequest
        {
            RequestId = (Find(args, "parent_request_id") ?? args.GetProperty("request_id")).GetUInt64(),
            ModelId = args.GetProperty("model_id").GetString()!,
            ModelPath = args.GetProperty("model_path").GetString()!,
            Type = type.ValueKind == JsonValueKind.Number ? (RequestType)type.GetInt32() : TypeNames[type.GetString()!],
            RequestChannelId = Find(args, "request_channel_id")?.GetUInt64() ?? 0,
            ResponseChannelId = args.GetProperty("response_channel_id").GetUInt64(),
            Prompts = [.. input.GetProperty("prompts").EnumerateArray().Select(BuildPrompt)],
        };
    }

    private static WirePrompt BuildPrompt(JsonElement json, int position)
    {
        JsonElement sampling = Find(json, "sampling_params") ?? default;
        JsonElement logits = Find(json, "logits_params") ?? default;
        JsonElement toolTokens = Find(json, "tool_calling_tokens") ?? default;
        JsonElement thinking = Find(json, "thinking_tokens") ?? default;
        return new WirePrompt
        {
            PromptIndex = position,
            NumCandidates = Find(json, "num_candidates")?.GetInt32() ?? 1,
            BestOf = Find(json, "best_of")?.GetInt32(),
            FinalCandidates = Find(json, "final_candidates")?.GetInt32(),
            MaxGeneratedTokens = Find(json, "max_generated_tokens")?.GetInt32() ?? 0,
            Text = Find(json, "prompt_bytes_b64")?.GetBytesFromBase64() ?? Encoding.UTF8.GetBytes(json.GetProperty("prompt").GetString()!),
            Images = Buffers(json, "image_buffers_b64"),
            Audio = Buffers(json, "audio_buffers_b64"),
            Capabilities = [.. Items(json, "capabilities").Select(c => new CapabilityInput(
                c.GetProperty("name").GetString()!, c.GetProperty("position").GetInt32(), c.GetProperty("payload_b64").GetBytesFromBase64()))],
            Layout = Find(json, "layout") is null ? null : [.. Items(json, "layout").Select(s => new LayoutSegment(
                Enum.Parse<LayoutSegmentType>(s.GetProperty("type").GetString()!, ignoreCase: true), s.GetProperty("length").GetInt64()))],
            Temperature = Number(sampling, "temperature", 1.0),
            TopP = Number(sampling, "top_p", 1.0),
            TopK = Find(sampling, "top_k")?.GetInt32() ?? -1,
            MinP = Number(sampling, "min_p", 0),
            RngSeed = (uint)((Find(sampling, "rng_seed")?.GetUInt64() ?? 0) & uint.MaxValue),
            Deterministic = Find(sampling, "deterministic")?.GetBoolean() ?? false,
            TopLogprobs = Find(logits, "top_logprobs")?.GetInt32() ?? 0,
            FrequencyPenalty = Number(logits, "frequency_penalty", 0),
            PresencePenalty = Number(logits, "presence_penalty", 0),
            RepetitionContextSize = Find(logits, "repetition_context_size")?.GetInt32() ?? 0,
            RepetitionPenalty = Number(logits, "repetition_penalty", 1),
            LogitBias = [.. Items(logits, "logit_bias").Select(pair => new TokenBias(pair[0].GetInt32(), pair[1].GetDouble()))],
            StopSequences = [.. Items(json, "stop_sequences").Select(s => s.GetString()!)],
            ToolSchemasJson = Text(json, "tool_schemas_json"),
            ActiveToolSchemasJson = Text(json, "active_tool_schemas_json"),
            ToolCallingTokens = new ToolCallingTokens(
                [.. Items(toolTokens, "formats").Where(f => f.ValueKind == JsonValueKind.Object).Select(BuildFormat)],
                Text(toolTokens, "section_start"),
                Text(toolTokens, "section_end")),
            OutputFrameTokens = Find(json, "output_frame_tokens") is { } tokens
                ? [.. tokens.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!))]
                : [],
            ThinkingTokens = new ThinkingTokens(Text(thinking, "start"), Text(thinking, "end"), Find(thinking, "required")?.GetBoolean() ?? false),
            ToolChoice = ToolChoice(Find(json, "tool_choice")),
            MinToolCalls = Find(json, "min_tool_calls")?.GetInt32() ?? 1,
            MaxToolCalls = Find(json, "max_tool_calls")?.GetInt32() ?? 0,
            ResponseFormatJson = Text(json, "response_format_json"),
            ModalOptionsJson = Text(json, "modal_options_json"),
            TaskName = Find(json, "task_name")?.GetString(),
            ReasoningEffort = Find(json, "reasoning_effort")?.GetString(),
            PrefixCache = Find(json, "prefix_cache")?.GetBoolean() ?? true,
        };
    }

    private static ToolCallFormat BuildFormat(JsonElement format) => new()
    {
        Name = Text(format, "name"),
        CallStart = Text(format, "call_start"),
        InlineStart = Text(format, "inline_start"),
        Channel = Text(format, "channel"),
        RecipientPrefix = Text(format, "recipient_prefix"),
        ConstraintPrefix = Text(format, "constraint_prefix"),
        Constraint = Text(format, "constraint"),
        Message = Text(format, "message"),
        CallEnd = Text(format, "call_end"),
    };

    /// <summary>Writes an object with spaces after separators and ASCII escapes, as the reference client does.</summary>
    private static string ToolChoice(JsonElement? choice) => choice switch
    {
        null => "auto",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } json => "{" + string.Join(", ", json.EnumerateObject().Select(p => $"\"{p.Name}\": {AsciiQuote(p.Value.GetString()!)}")) + "}",
    };

    private static string AsciiQuote(string text) =>
        "\"" + string.Concat(text.Select(c => c < 0x80 ? c.ToString() : $"\\u{(int)c:x4}")) + "\"";

    private static IReadOnlyList<ReadOnlyMemory<byte>> Buffers(JsonElement json, string key) =>
        [.. Items(json, key).Select(b => (ReadOnlyMemory<byte>)b.GetBytesFromBase64())];

    private static JsonElement[] Items(JsonElement json, string key) => Find(json, key)?.EnumerateArray().ToArray() ?? [];

    private static string Text(JsonElement json, string key) => Find(json, key)?.GetString() ?? "";

    private static double Number(JsonElement json, string key, double missing) => Find(json, key)?.GetDouble() ?? missing;

    private static JsonElement? Find(JsonElement json, string key) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
