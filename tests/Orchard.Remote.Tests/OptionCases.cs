using System.Text.Json.Nodes;

namespace Orchard.Remote.Tests;

/// <summary>The options that servers differ in.</summary>
internal static class OptionCases
{
    private const RemoteKind Vllm = RemoteKind.Vllm;
    private const RemoteKind SgLang = RemoteKind.SgLang;
    private const RemoteKind Llama = RemoteKind.LlamaServer;
    private const RemoteKind Ollama = RemoteKind.Ollama;
    private const RemoteKind LmStudio = RemoteKind.LmStudio;
    private const RemoteKind OpenAI = RemoteKind.OpenAI;
    private const RemoteKind Own = RemoteKind.Orchard;

    private static readonly Tool[] Tools = [new("first"), new("second")];

    public static IReadOnlyList<OptionCase> All { get; } =
    [
        new("tokens", "MaxOutputTokens", new() { MaxOutputTokens = 5 })
        {
            Written = new() { [Vllm] = """{"max_completion_tokens":5}""", [Ollama] = """{"max_tokens":5}""", [LmStudio] = """{"max_tokens":5}""" },
        },
        new("all tokens", "TopK", new() { TopK = 0 })
        {
            Written = new() { [Vllm] = """{"top_k":0}""", [SgLang] = """{"top_k":-1}""", [Llama] = """{"top_k":0}""" },
            Refused = [Ollama, OpenAI],
        },
        new("one token", "TopK", new() { TopP = 0 })
        {
            Written = new() { [Vllm] = """{"top_k":1,"top_p":1}""", [Own] = """{"top_k":1,"top_p":1}""" },
            Refused = [Ollama, OpenAI],
        },
        new("min-p", "MinP", new() { MinP = 0.1 })
        {
            Written = new() { [Vllm] = """{"min_p":0.1}""", [SgLang] = """{"min_p":0.1}""" },
            Refused = [Ollama, LmStudio, OpenAI],
        },
        new("typical", "TypicalP", new() { TypicalP = 0.5 })
        {
            Written = new() { [Llama] = """{"typical_p":0.5}""" },
            Refused = [Vllm, SgLang, Ollama, LmStudio, OpenAI],
        },
        new("repetition", "RepetitionPenalty", new() { RepetitionPenalty = 1.5 })
        {
            Written = new() { [Vllm] = """{"repetition_penalty":1.5}""", [Llama] = """{"repeat_penalty":1.5}""" },
            Refused = [Ollama, OpenAI],
        },
        new("window", "PenaltyWindow", new() { PenaltyWindow = 9 })
        {
            Written = new() { [Llama] = """{"repeat_last_n":9}""", [Own] = """{"repeat_last_n":9}""" },
            Refused = [Vllm, SgLang, Ollama, LmStudio, OpenAI],
        },
        new("bias", "LogitBias", new() { LogitBias = new Dictionary<int, double> { [7] = -1, [3] = 2.5 } })
        {
            Written = new() { [Vllm] = """{"logit_bias":{"3":2.5,"7":-1}}""" },
            Refused = [Ollama],
        },
        new("mirostat", "Mirostat", new() { Mirostat = new() { Tau = 4, Eta = 0.2 } })
        {
            Written = new() { [Llama] = """{"mirostat":2,"mirostat_tau":4,"mirostat_eta":0.2}""" },
            Refused = [Vllm, SgLang, Ollama, LmStudio, OpenAI],
        },
        new("dry", "Dry", new() { Dry = new() { SequenceBreakers = ["x"] } })
        {
            Written = new()
            {
                [Own] = """{"dry_multiplier":0.8,"dry_base":1.75,"dry_allowed_length":2,"dry_penalty_last_n":1024,"dry_sequence_breakers":["x"]}""",
            },
            Refused = [Vllm, OpenAI],
        },
        new("xtc", "Xtc", new() { Xtc = new() })
        {
            Written = new() { [Llama] = """{"xtc_probability":0.5,"xtc_threshold":0.1}""" },
            Refused = [Vllm, Ollama],
        },
        new("seed", "Seed", new() { Seed = uint.MaxValue })
        {
            Written = new() { [Vllm] = """{"seed":4294967295}""", [SgLang] = """{"seed":2147483647}""" },
        },
        new("stop", "StopSequences", new() { StopSequences = ["a", "b"], IncludeStopSequence = true })
        {
            Written = new()
            {
                [Vllm] = """{"stop":["a","b"],"include_stop_str_in_output":true}""",
                [SgLang] = """{"stop":["a","b"],"no_stop_trim":true}""",
            },
        },
        new("kept stop", "IncludeStopSequence", new() { StopSequences = ["a"], IncludeStopSequence = true }) { Refused = [Llama, Ollama, OpenAI] },
        new("five stops", "StopSequences", new() { StopSequences = ["a", "b", "c", "d", "e"] })
        {
            Written = new() { [Vllm] = """{"stop":["a","b","c","d","e"]}""", [OpenAI] = """{"stop":["a","b","c","d"]}""" },
        },
        new("no end", "IgnoreEndOfSequence", new() { IgnoreEndOfSequence = true, MaxOutputTokens = 5 })
        {
            Written = new() { [Vllm] = """{"ignore_eos":true}""" },
            Refused = [Ollama, LmStudio, OpenAI],
        },
        new("schema", "ResponseFormat", new() { ResponseFormat = ResponseFormat.JsonSchema("""{"type":"object"}""", "my name") })
        {
            Written = new()
            {
                [Ollama] = """{"response_format":{"type":"json_schema","json_schema":{"name":"my_name","strict":true,"schema":{"type":"object"}}}}""",
            },
        },
        new("json", "ResponseFormat", new() { ResponseFormat = ResponseFormat.JsonObject })
        {
            Written = new()
            {
                [Vllm] = """{"response_format":{"type":"json_object"}}""",
                [LmStudio] = """{"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}}""",
            },
        },
        new("regex", "ResponseFormat", new() { ResponseFormat = ResponseFormat.Regex("a+") })
        {
            Written = new()
            {
                [Vllm] = """{"structured_outputs":{"regex":"a+"}}""",
                [SgLang] = """{"regex":"a+"}""",
                [Llama] = """{"grammar":"root ::= [a] s1\ns1 ::= [a] s1 | \"\"\n"}""",
                [Own] = """{"response_format":{"type":"regex","pattern":"a+"}}""",
            },
            Refused = [Ollama, LmStudio, OpenAI],
        },
        new("grammar", "ResponseFormat", new() { ResponseFormat = ResponseFormat.Grammar("root ::= \"a\"") })
        {
            Written = new()
            {
                [Vllm] = """{"structured_outputs":{"grammar":"root ::= \"a\""}}""",
                [SgLang] = """{"ebnf":"root ::= \"a\""}""",
                [Llama] = """{"grammar":"root ::= \"a\""}""",
                [Own] = """{"response_format":{"type":"grammar","grammar":"root ::= \"a\""}}""",
            },
            Refused = [Ollama, LmStudio, OpenAI],
        },
        new("two answers", "CandidateCount", new() { CandidateCount = 2 })
        {
            Written = new() { [Vllm] = """{"n":2}""", [OpenAI] = """{"n":2}""" },
            Refused = [Ollama, LmStudio],
        },
        new("logprobs", "IncludeLogprobs", new() { TopLogprobs = 3 })
        {
            Written = new() { [Vllm] = """{"logprobs":true,"top_logprobs":3}""", [Ollama] = """{"logprobs":true,"top_logprobs":3}""" },
            Refused = [LmStudio],
        },
        new("logprobs with tools", "IncludeLogprobs", new() { IncludeLogprobs = true, Tools = Tools }) { Refused = [Llama] },
        new("deterministic", "IsDeterministic", new() { IsDeterministic = true })
        {
            Written = new() { [Own] = """{"deterministic":true}""" },
            Refused = [Vllm, SgLang, Llama, Ollama, LmStudio, OpenAI],
        },
        new("no cache", "UsePrefixCache", new() { UsePrefixCache = false })
        {
            Written = new() { [Llama] = """{"cache_prompt":false}""", [Own] = """{"cache_prompt":false}""" },
            Refused = [SgLang, Ollama, LmStudio, OpenAI],
        },
        new("template", "ChatTemplate", new() { ChatTemplate = "{{ x }}" })
        {
            Written = new() { [Vllm] = """{"chat_template":"{{ x }}"}""" },
            Refused = [SgLang, Llama, OpenAI],
        },
        new("variables", "TemplateVariables", new() { TemplateVariables = new Dictionary<string, JsonNode?> { ["x"] = 1, ["y"] = null } })
        {
            Written = new() { [Vllm] = """{"chat_template_kwargs":{"x":1,"y":null}}""" },
            Refused = [Ollama, LmStudio, OpenAI],
        },
        new("named tool", "ToolChoice", new() { Tools = Tools, ToolChoice = ToolChoice.Named("second") })
        {
            Written = new()
            {
                [Vllm] = """{"tool_choice":{"type":"function","function":{"name":"second"}}}""",
                [Llama] = """{"tool_choice":"required","tools":[{"type":"function","function":{"name":"second","parameters":{"type":"object","properties":{}}}}]}""",
            },
            Refused = [Ollama],
        },
        new("required tool", "ToolChoice", new() { Tools = Tools, ToolChoice = ToolChoice.Required })
        {
            Written = new() { [LmStudio] = """{"tool_choice":"required"}""" },
            Refused = [Ollama],
        },
        new("no tool", "ToolChoice", new() { Tools = Tools, ToolChoice = ToolChoice.None })
        {
            Written = new() { [Vllm] = """{"tool_choice":null,"tools":null}""", [Ollama] = """{"tools":null}""" },
        },
        new("two calls", "MinToolCalls", new() { Tools = Tools, MinToolCalls = 2, MaxToolCalls = 3 })
        {
            Written = new() { [Own] = """{"min_tool_calls":2,"max_tool_calls":3}""" },
            Refused = [Vllm, OpenAI],
        },
        new("one call", "MaxToolCalls", new() { Tools = Tools, MaxToolCalls = 1 })
        {
            Written = new() { [Vllm] = """{"parallel_tool_calls":false}""", [Own] = """{"max_tool_calls":1}""" },
        },
        new("no reasoning", "EnableReasoning", new() { EnableReasoning = false })
        {
            Written = new()
            {
                [Vllm] = """{"chat_template_kwargs":{"enable_thinking":false},"reasoning_effort":null}""",
                [Ollama] = """{"reasoning_effort":"none"}""",
                [Own] = """{"enable_thinking":false}""",
            },
        },
        new("little reasoning", "ReasoningEffort", new() { ReasoningEffort = ReasoningEffort.Minimal })
        {
            Written = new()
            {
                [SgLang] = """{"chat_template_kwargs":{"enable_thinking":true,"reasoning_effort":"low"},"reasoning_effort":"low"}""",
                [OpenAI] = """{"reasoning_effort":"low"}""",
                [Own] = """{"reasoning_effort":"minimal"}""",
            },
        },
        new("kept model", "KeepAlive", new() { KeepAlive = TimeSpan.FromMinutes(2) })
        {
            Written = new() { [Own] = """{"keep_alive":120}""", [Vllm] = """{"keep_alive":null}""" },
        },
    ];
}
