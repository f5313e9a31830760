using System.Text.Json;
using Orchard.Server.Errors;
using Orchard.Server.Generation;

namespace Orchard.Server.Tests.Mapping;

/// <summary>Every option by every name that clients have for it.</summary>
public sealed class GenerationFieldsTests
{
    private static readonly Dictionary<string, Func<GenerationOptions, object?>> Options = new()
    {
        ["max"] = options => options.MaxOutputTokens,
        ["temperature"] = options => options.Temperature,
        ["top_p"] = options => options.TopP,
        ["top_k"] = options => options.TopK,
        ["min_p"] = options => options.MinP,
        ["typical"] = options => options.TypicalP,
        ["repeat"] = options => options.RepetitionPenalty,
        ["frequency"] = options => options.FrequencyPenalty,
        ["presence"] = options => options.PresencePenalty,
        ["window"] = options => options.PenaltyWindow,
        ["bias"] = options => string.Join(' ', options.LogitBias.Select(pair => $"{pair.Key}={pair.Value}")),
        ["mirostat"] = options => options.Mirostat is { } mirostat ? $"{mirostat.Tau} {mirostat.Eta}" : "off",
        ["dry"] = options => options.Dry is { } dry
            ? $"{dry.Multiplier} {dry.Base} {dry.AllowedLength} {dry.Window} {string.Join('|', dry.SequenceBreakers)}"
            : "off",
        ["xtc"] = options => options.Xtc is { } xtc ? $"{xtc.Probability} {xtc.Threshold}" : "off",
        ["seed"] = options => options.Seed,
        ["stop"] = options => string.Join('|', options.StopSequences),
        ["include_stop"] = options => options.IncludeStopSequence,
        ["ignore_eos"] = options => options.IgnoreEndOfSequence,
        ["n"] = options => options.CandidateCount,
        ["best_of"] = options => options.BestOf,
        ["logprobs"] = options => $"{options.IncludeLogprobs} {options.TopLogprobs}",
        ["deterministic"] = options => options.IsDeterministic,
        ["cache"] = options => options.UsePrefixCache,
        ["template"] = options => options.ChatTemplate,
        ["variables"] = options => string.Join(' ', options.TemplateVariables.Select(pair => $"{pair.Key}={pair.Value?.ToJsonString()}")),
        ["calls"] = options => $"{options.MinToolCalls} {options.MaxToolCalls}",
        ["reasoning"] = options => $"{options.EnableReasoning} {options.ReasoningEffort}",
        ["format"] = options => options.ResponseFormat.Type,
        ["keep"] = options => options.KeepAlive?.TotalSeconds,
    };

    [Theory]
    [InlineData("""{"max_tokens": 5}""", "max", 5)]
    [InlineData("""{"max_completion_tokens": 5, "max_tokens": 9}""", "max", 5)]
    [InlineData("""{"max_output_tokens": 5}""", "max", 5)]
    [InlineData("""{"num_predict": 5}""", "max", 5)]
    [InlineData("""{"n_predict": 5}""", "max", 5)]
    [InlineData("""{"num_predict": -1}""", "max", null)]
    [InlineData("""{"max_tokens": -1}""", "max", null)]
    [InlineData("""{"max_tokens": 99999999999}""", "max", null)]
    [InlineData("""{"temperature": 0.5}""", "temperature", 0.5)]
    [InlineData("""{"temperature": null}""", "temperature", null)]
    [InlineData("""{"top_p": 0.5}""", "top_p", 0.5)]
    [InlineData("""{"top_k": 5}""", "top_k", 5)]
    [InlineData("""{"top_k": -1}""", "top_k", 0)]
    [InlineData("""{"min_p": 0.5}""", "min_p", 0.5)]
    [InlineData("""{"typical_p": 0.5}""", "typical", 0.5)]
    [InlineData("""{"typical": 0.5}""", "typical", 0.5)]
    [InlineData("""{"repeat_penalty": 1.5}""", "repeat", 1.5)]
    [InlineData("""{"repetition_penalty": 1.5}""", "repeat", 1.5)]
    [InlineData("""{"frequency_penalty": 1}""", "frequency", 1.0)]
    [InlineData("""{"presence_penalty": 1}""", "presence", 1.0)]
    [InlineData("""{"repeat_last_n": 5}""", "window", 5)]
    [InlineData("""{"repeat_last_n": -1}""", "window", 65536)]
    [InlineData("""{"repetition_context_size": 5}""", "window", 5)]
    [InlineData("""{"logit_bias": {"5": 1.5}}""", "bias", "5=1.5")]
    [InlineData("""{"logit_bias": [[5, 1.5], [6, false]]}""", "bias", "5=1.5 6=-100")]
    [InlineData("""{"mirostat": 2}""", "mirostat", "5 0.1")]
    [InlineData("""{"mirostat": 2, "mirostat_tau": 3, "mirostat_eta": 0.5}""", "mirostat", "3 0.5")]
    [InlineData("""{"mirostat": 0, "mirostat_tau": 3}""", "mirostat", "off")]
    [InlineData(
        """
        {"dry_multiplier": 1, "dry_base": 2, "dry_allowed_length": 3, "dry_penalty_last_n": 4, "dry_sequence_breakers": ["a", "b"]}
        """,
        "dry",
        "1 2 3 4 a|b")]
    [InlineData("""{"xtc_probability": 0.25, "xtc_threshold": 0.125}""", "xtc", "0.25 0.125")]
    [InlineData("""{"seed": 5}""", "seed", 5u)]
    [InlineData("""{"seed": -1}""", "seed", null)]
    [InlineData("""{"stop": "a"}""", "stop", "a")]
    [InlineData("""{"stop": ["a", "", "b", "a"]}""", "stop", "a|b")]
    [InlineData("""{"stop_sequences": ["a"]}""", "stop", "a")]
    [InlineData("""{"include_stop_str_in_output": true}""", "include_stop", true)]
    [InlineData("""{"ignore_eos": true}""", "ignore_eos", true)]
    [InlineData("""{"n": 5}""", "n", 5)]
    [InlineData("""{"best_of": 5}""", "best_of", 5)]
    [InlineData("""{"logprobs": true, "top_logprobs": 5}""", "logprobs", "True 5")]
    [InlineData("""{"logprobs": 5}""", "logprobs", "True 5")]
    [InlineData("""{"deterministic": true}""", "deterministic", true)]
    [InlineData("""{"cache_prompt": false}""", "cache", false)]
    [InlineData("""{"chat_template": "tool_use"}""", "template", "tool_use")]
    [InlineData("""{"chat_template_kwargs": {"a": [1], "b": null}}""", "variables", "a=[1] b=")]
    [InlineData("""{"parallel_tool_calls": false}""", "calls", "1 1")]
    [InlineData("""{"parallel_tool_calls": true, "min_tool_calls": 2, "max_tool_calls": 3}""", "calls", "2 3")]
    [InlineData("""{"reasoning_effort": "none"}""", "reasoning", "False ")]
    [InlineData("""{"reasoning_effort": "minimal"}""", "reasoning", " Minimal")]
    [InlineData("""{"reasoning_effort": "xhigh"}""", "reasoning", " High")]
    [InlineData("""{"reasoning": {"effort": "low", "summary": "auto"}}""", "reasoning", " Low")]
    [InlineData("""{"reasoning": {"enabled": true}}""", "reasoning", "True ")]
    [InlineData("""{"think": true}""", "reasoning", "True ")]
    [InlineData("""{"think": "medium"}""", "reasoning", " Medium")]
    [InlineData("""{"thinking": {"type": "enabled", "budget_tokens": 1024}}""", "reasoning", "True ")]
    [InlineData("""{"thinking": {"type": "disabled"}}""", "reasoning", "False ")]
    [InlineData("""{"enable_thinking": false}""", "reasoning", "False ")]
    [InlineData("""{"response_format": {"type": "text"}}""", "format", "text")]
    [InlineData("""{"response_format": {"type": "json_object"}}""", "format", "json_object")]
    [InlineData("""{"response_format": {"type": "json_object", "schema": {"type": "object"}}}""", "format", "json_schema")]
    [InlineData("""{"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}}""", "format", "json_schema")]
    [InlineData("""{"response_format": {"type": "json_schema", "name": "a", "schema": {}, "strict": true}}""", "format", "json_schema")]
    [InlineData("""{"response_format": {"type": "json_schema", "schema": {}}}""", "format", "json_schema")]
    [InlineData("""{"response_format": {"type": "regex", "pattern": "a+"}}""", "format", "regex")]
    [InlineData("""{"response_format": {"type": "grammar", "grammar": "root ::= \"a\""}}""", "format", "grammar")]
    [InlineData("""{"format": "json"}""", "format", "json_object")]
    [InlineData("""{"format": {"type": "object"}}""", "format", "json_schema")]
    [InlineData("""{"format": ""}""", "format", "text")]
    [InlineData("""{"json_schema": {"type": "object"}}""", "format", "json_schema")]
    [InlineData("""{"guided_json": "{\"type\": \"object\"}"}""", "format", "json_schema")]
    [InlineData("""{"guided_regex": "a+"}""", "format", "regex")]
    [InlineData("""{"guided_choice": ["a.b", "c"]}""", "format", "regex")]
    [InlineData("""{"guided_grammar": "root ::= \"a\""}""", "format", "grammar")]
    [InlineData("""{"grammar": ""}""", "format", "text")]
    [InlineData("""{"structured_outputs": {"regex": "a+"}}""", "format", "regex")]
    [InlineData("""{"keep_alive": "5m"}""", "keep", 300.0)]
    [InlineData("""{"keep_alive": "1h30m"}""", "keep", 5400.0)]
    [InlineData("""{"keep_alive": "10"}""", "keep", 10.0)]
    [InlineData("""{"keep_alive": 0}""", "keep", 0.0)]
    [InlineData("""{"keep_alive": -1}""", "keep", -0.001)]
    [InlineData("""{"keep_alive": "-1m"}""", "keep", -0.001)]
    [InlineData("""{"keep_alive": "720h"}""", "keep", 2592000.0)]
    [InlineData("""{"keep_alive": 1e300}""", "keep", 31536000.0)]
    [InlineData("""{"ttl": 60}""", "keep", 60.0)]
    public void KnownField_SetsItsOption(string json, string option, object? value)
    {
        (GenerationOptions options, List<string> ignored) = Apply(json);

        Assert.Equal(value, Options[option](options));
        Assert.Empty(ignored);
    }

    [Theory]
    [InlineData("""{"top_n_sigma": 1.5}""", "top_n_sigma")]
    [InlineData("""{"min_tokens": 5}""", "min_tokens")]
    [InlineData("""{"modalities": ["text", "audio"]}""", "modalities")]
    [InlineData("""{"web_search_options": {}}""", "web_search_options")]
    [InlineData("""{"echo": true}""", "echo")]
    [InlineData("""{"suffix": "end"}""", "suffix")]
    [InlineData("""{"samplers": ["top_k"]}""", "samplers")]
    [InlineData("""{"structured_outputs": {"structural_tag": "x"}}""", "structured_outputs.structural_tag")]
    [InlineData("""{"temperature": "hot"}""", "temperature")]
    [InlineData("""{"max_tokens": 2.5}""", "max_tokens")]
    [InlineData("""{"stop": [1]}""", "stop[0]")]
    [InlineData("""{"logit_bias": {"a": 1}}""", "logit_bias")]
    [InlineData("""{"logit_bias": [[1]]}""", "logit_bias[0]")]
    [InlineData("""{"reasoning_effort": "huge"}""", "reasoning_effort")]
    [InlineData("""{"response_format": {"type": "xml"}}""", "response_format.type")]
    [InlineData("""{"response_format": {"type": "json_schema"}}""", "response_format.json_schema")]
    [InlineData("""{"response_format": 5}""", "response_format")]
    [InlineData("""{"keep_alive": "soon"}""", "keep_alive")]
    [InlineData("""{"keep_alive": "Infinity"}""", "keep_alive")]
    [InlineData("""{"cache_prompt": "yes"}""", "cache_prompt")]
    public void FieldThatCannotBeHonoured_IsNamed(string json, string param)
    {
        ApiException error = Assert.Throws<ApiException>(() => Apply(json));

        Assert.Equal((400, param), (error.Error.Status, error.Error.Param));
        Assert.Contains($"'{param}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"user": "me", "made_up": 1}""", "user made_up")]
    [InlineData("""{"min_tokens": 0, "modalities": ["text"], "echo": false, "suffix": "", "top_n_sigma": -1}""", "")]
    public void OtherFields_AreListedUnlessTheyAskForNothing(string json, string ignored) =>
        Assert.Equal(ignored.Split(' ', StringSplitOptions.RemoveEmptyEntries), Apply(json).Ignored);

    private static (GenerationOptions Options, List<string> Ignored) Apply(string json)
    {
        var ignored = new List<string>();
        Dictionary<string, JsonElement> fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
        return (GenerationFields.ApplyTo(new GenerationOptions(), fields, ignored), ignored);
    }
}
