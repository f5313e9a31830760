using System.Text.Json;
using Orchard.Server.Errors;

namespace Orchard.Server.Generation;

/// <summary>
/// Reads generation options by the names that servers have for them: those of OpenAI, llama.cpp, vLLM, Ollama and LM Studio mean the same
/// in every dialect. Pure.
/// </summary>
internal static class GenerationFields
{
    private delegate GenerationOptions Apply(GenerationOptions options, Field field);

    private const int MaxOutputTokensLimit = 1_048_576;

    private static readonly Dictionary<string, Apply> Known = new(StringComparer.Ordinal)
    {
        ["max_tokens"] = Limit,
        ["max_completion_tokens"] = Limit,
        ["max_output_tokens"] = Limit,
        ["n_predict"] = static (options, field) => field.ToLong() <= 0 ? options : Limit(options, field),
        ["num_predict"] = static (options, field) => field.ToLong() <= 0 ? options : Limit(options, field),
        ["temperature"] = static (options, field) => options with { Temperature = field.ToDouble() },
        ["top_p"] = static (options, field) => options with { TopP = field.ToDouble() },
        ["top_k"] = static (options, field) => options with { TopK = Math.Max(0, field.ToInt()) }, // below 0: all tokens
        ["min_p"] = static (options, field) => options with { MinP = field.ToDouble() },
        ["typical_p"] = static (options, field) => options with { TypicalP = field.ToDouble() },
        ["typical"] = static (options, field) => options with { TypicalP = field.ToDouble() },
        ["repeat_penalty"] = static (options, field) => options with { RepetitionPenalty = field.ToDouble() },
        ["repetition_penalty"] = static (options, field) => options with { RepetitionPenalty = field.ToDouble() },
        ["frequency_penalty"] = static (options, field) => options with { FrequencyPenalty = field.ToDouble() },
        ["presence_penalty"] = static (options, field) => options with { PresencePenalty = field.ToDouble() },
        ["repeat_last_n"] = static (options, field) => options with { PenaltyWindow = field.ToInt() is var n and >= 0 ? n : 65536 },
        ["repetition_context_size"] = static (options, field) => options with { PenaltyWindow = field.ToInt() },
        ["logit_bias"] = static (options, field) => options with { LogitBias = LogitBiasField.Read(field) },
        ["mirostat"] = static (options, field) => options with { Mirostat = field.ToInt() == 0 ? null : options.Mirostat ?? new() },
        ["mirostat_tau"] = static (options, field) =>
            options with { Mirostat = (options.Mirostat ?? new()) with { Tau = field.ToDouble() } },
        ["mirostat_eta"] = static (options, field) =>
            options with { Mirostat = (options.Mirostat ?? new()) with { Eta = field.ToDouble() } },
        ["dry_multiplier"] = static (options, field) =>
            options with { Dry = (options.Dry ?? new()) with { Multiplier = field.ToDouble() } },
        ["dry_base"] = static (options, field) => options with { Dry = (options.Dry ?? new()) with { Base = field.ToDouble() } },
        ["dry_allowed_length"] = static (options, field) =>
            options with { Dry = (options.Dry ?? new()) with { AllowedLength = field.ToInt() } },
        ["dry_penalty_last_n"] = static (options, field) =>
            options with { Dry = (options.Dry ?? new()) with { Window = field.ToInt() is var n and >= 0 ? n : 65536 } },
        ["dry_sequence_breakers"] = static (options, field) =>
            options with { Dry = (options.Dry ?? new()) with { SequenceBreakers = field.ToTexts() } },
        ["xtc_probability"] = static (options, field) =>
            options with { Xtc = (options.Xtc ?? new()) with { Probability = field.ToDouble() } },
        ["xtc_threshold"] = static (options, field) =>
            options with { Xtc = (options.Xtc ?? new()) with { Threshold = field.ToDouble() } },
        ["seed"] = static (options, field) => options with { Seed = Seed(field.ToLong()) },
        ["stop"] = Stop,
        ["stop_sequences"] = Stop,
        ["include_stop_str_in_output"] = static (options, field) => options with { IncludeStopSequence = field.ToBool() },
        ["ignore_eos"] = static (options, field) => options with { IgnoreEndOfSequence = field.ToBool() },
        ["n"] = static (options, field) => options with { CandidateCount = field.ToInt() },
        ["best_of"] = static (options, field) => options with { BestOf = field.ToInt() },
        ["logprobs"] = Logprobs,
        ["top_logprobs"] = static (options, field) => options with { TopLogprobs = field.ToInt() },
        ["deterministic"] = static (options, field) => options with { IsDeterministic = field.ToBool() },
        ["cache_prompt"] = static (options, field) => options with { UsePrefixCache = field.ToBool() },
        ["chat_template"] = static (options, field) => options with { ChatTemplate = field.ToText() },
        ["chat_template_kwargs"] = static (options, field) => options with { TemplateVariables = TemplateVariablesField.Read(field) },
        ["parallel_tool_calls"] = static (options, field) => options with { MaxToolCalls = field.ToBool() ? options.MaxToolCalls : 1 },
        ["max_tool_calls"] = static (options, field) => options with { MaxToolCalls = field.ToInt() },
        ["min_tool_calls"] = static (options, field) => options with { MinToolCalls = field.ToInt() },
        ["enable_thinking"] = static (options, field) => options with { EnableReasoning = field.ToBool() },
        ["reasoning_effort"] = ReasoningField.Apply,
        ["reasoning"] = ReasoningField.Apply,
        ["think"] = ReasoningField.Apply,
        ["thinking"] = ReasoningField.Apply,
        ["response_format"] = static (options, field) => options with { ResponseFormat = FormatField.Read(field) },
        ["format"] = static (options, field) => options with { ResponseFormat = FormatField.Read(field) },
        ["json_schema"] = static (options, field) => options with { ResponseFormat = FormatField.Read(field) },
        ["guided_json"] = static (options, field) => options with { ResponseFormat = FormatField.Read(field) },
        ["grammar"] = static (options, field) => options with { ResponseFormat = FormatField.Grammar(field) },
        ["guided_grammar"] = static (options, field) => options with { ResponseFormat = FormatField.Grammar(field) },
        ["guided_regex"] = static (options, field) => options with { ResponseFormat = ResponseFormat.Regex(field.ToText()) },
        ["guided_choice"] = static (options, field) => options with { ResponseFormat = FormatField.Choices(field) },
        ["structured_outputs"] = static (options, field) => options with { ResponseFormat = FormatField.StructuredOutputs(field) },
        ["keep_alive"] = static (options, field) => options with { KeepAlive = KeepAliveField.Read(field) },
        ["ttl"] = static (options, field) => options with { KeepAlive = KeepAliveField.Read(field) },
    };

    // What changes the answer and cannot be done, with the values that ask for nothing.
    private static readonly Dictionary<string, Func<Field, bool>> Refused = new(StringComparer.Ordinal)
    {
        ["audio"] = static _ => false,
        ["background"] = static field => !field.ToBool(),
        ["continue_final_message"] = static field => !field.ToBool(),
        ["conversation"] = static _ => false,
        ["dynatemp_range"] = static field => field.ToDouble() == 0,
        ["echo"] = static field => !field.ToBool(),
        ["min_tokens"] = static field => field.ToInt() <= 1,
        ["modalities"] = static field => field.ToTexts().All(static name => name == "text"),
        ["prompt"] = static field => field.IsObject && field.Value.GetRawText() == "{}",
        ["prompt_logprobs"] = static field => field.Value.ValueKind == JsonValueKind.False,
        ["samplers"] = static field => field.IsArray && field.Value.GetArrayLength() == 0,
        ["suffix"] = static field => field.ToText().Length == 0,
        ["tfs_z"] = static field => field.ToDouble() == 1,
        ["top_n_sigma"] = static field => field.ToDouble() is -1 or 0,
        ["use_beam_search"] = static field => !field.ToBool(),
        ["web_search_options"] = static _ => false,
    };

    /// <summary>Returns the options with the fields applied.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    /// <param name="prefix">What comes before the names in errors and in <paramref name="ignored"/>, such as <c>options.</c>.</param>
    /// <exception cref="ApiException">A field has a value that is not allowed, or asks for something that cannot be done.</exception>
    public static GenerationOptions ApplyTo(
        GenerationOptions options, IEnumerable<KeyValuePair<string, JsonElement>>? fields, ICollection<string> ignored, string prefix = "")
    {
        // In descending order, so that "mirostat", which can switch the group off, comes after the options of the group.
        foreach ((string name, JsonElement value) in (fields ?? []).OrderByDescending(static pair => pair.Key, StringComparer.Ordinal))
        {
            var field = new Field(prefix + name, value);
            if (field.IsAbsent)
            {
                continue;
            }

            if (Known.TryGetValue(name, out Apply? apply))
            {
                options = apply(options, field);
            }
            else if (Refused.TryGetValue(name, out Func<Field, bool>? isNeutral))
            {
                if (!isNeutral(field))
                {
                    throw ApiException.Unsupported(field.Name, "is not supported by this server");
                }
            }
            else
            {
                ignored.Add(field.Name);
            }
        }

        return options;
    }

    // Of several limits the smallest holds. A negative number is no limit, and neither is one above every context.
    private static GenerationOptions Limit(GenerationOptions options, Field field) => field.ToLong() switch
    {
        < 0 or > MaxOutputTokensLimit => options,
        long limit => options with { MaxOutputTokens = (int)Math.Min(limit, options.MaxOutputTokens ?? limit) },
    };

    // Any number is a seed; -1 asks for a random one.
    private static uint? Seed(long seed) => seed == -1 ? null : unchecked((uint)(seed ^ (seed >> 32)));

    // Empty texts stop nothing.
    private static GenerationOptions Stop(GenerationOptions options, Field field) => options with
    {
        StopSequences = [.. field.ToTexts().Where(static text => text.Length > 0).Distinct(StringComparer.Ordinal)],
    };

    // A number in the legacy completions, and a boolean everywhere else.
    private static GenerationOptions Logprobs(GenerationOptions options, Field field) => field.Value.ValueKind == JsonValueKind.Number
        ? options with { IncludeLogprobs = true, TopLogprobs = field.ToInt() }
        : options with { IncludeLogprobs = field.ToBool() };
}
