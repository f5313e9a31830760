using System.Text.Json;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Output;
using Orchard.Engine.Tests.Grammars;
using Orchard.Engine.Tests.Inference;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Tests;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Output;

/// <summary>Grammars of outputs with tool calls and reasoning.</summary>
public sealed class OutputRulesTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private const string Call = "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>";

    public static TheoryData<string> Formats { get; } = ["hermes", "thinking", "qwen_xml", "llama3_json", "mistral", "functionary", "harmony"];

    [Theory]
    [InlineData("hermes", "Just words, 1 < 2.")]
    [InlineData("hermes", Call)]
    [InlineData("hermes", "First:\n" + Call + "\n" + Call + " and done.")]
    [InlineData("hermes", "<think>\nA <tool_call>?\n</think>\n\n" + Call)]
    [InlineData("hermes", "<tool_call>{\"name\":\"get_weather\",\"arguments\":{\"city\":\"a\\\"}b\",\"unit\":\"C\"}}</tool_call>")]
    [InlineData("hermes", "<tool_call>{\"name\":\"stop\",\"arguments\":{}}</tool_call>")]
    [InlineData("thinking", "Hm, <tool_call> perhaps.\n</think>\n\nNo.")]
    [InlineData("thinking", "Never ending")]
    [InlineData("qwen_xml", "<tool_call>\n<function=get_weather>\n<parameter=city>\nSan\nJosé <3\n</parameter>\n<parameter=unit>\n\"C\"\n</parameter>\n</function>\n</tool_call>")]
    [InlineData("qwen_xml", "<tool_call>\n<function=stop>\n</function>\n</tool_call>")]
    [InlineData("llama3_json", "{\"name\": \"add\", \"parameters\": {\"a\": 1}}; {\"name\": \"stop\", \"parameters\": {}}")]
    [InlineData("llama3_json", "<|python_tag|>{\"name\": \"add\", \"parameters\": {}}")]
    [InlineData("llama3_json", "{\"name\": \"Alice\", \"age\": 7}")]
    [InlineData("llama3_json", "Like so: {\"name\": \"add\"}")]
    [InlineData("mistral", "[TOOL_CALLS] [{\"name\": \"add\", \"arguments\": {}}, {\"name\": \"add\", \"arguments\": {\"b\": 2}}]")]
    [InlineData("mistral", "[TOOL_CALLS]add[ARGS]{\"a\": 1}[TOOL_CALLS]stop[ARGS]{}")]
    [InlineData("mistral", "Words [TOOL] only")]
    [InlineData("functionary", "So: <function=add>{}</function><function=stop>{}</function>")]
    [InlineData("harmony", "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>")]
    [InlineData("harmony", "<|channel|>commentary<|message|>I add.<|end|><|start|>assistant to=functions.add<|channel|>commentary json<|message|>{}")]
    [InlineData("harmony", "<|channel|>commentary to=functions.add <|constrain|>json<|message|>{\"a\": 1}<|call|>")]
    public void Auto_TextAndCalls_AreAllowed(string format, string text) => Assert.True(GrammarOf(FormPrompt.Of(format)).Matches(text));

    [Theory]
    [InlineData("hermes", "<tool_call>\nNo")]
    [InlineData("hermes", "<tool_call>{\"name\": \"subtract\"")]
    [InlineData("hermes", "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": \"1\"")]
    [InlineData("hermes", "<tool_call>{\"name\": \"add\", \"arguments\": {\"c\"")]
    [InlineData("hermes", "<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"unit\"")]
    [InlineData("hermes", "<tool_call>{\"name\": \"stop\", \"arguments\": {\"a\"")]
    [InlineData("hermes", "Words <tool_call>{\"name\": \"add\", \"arguments\": {}}\n<tool_call>")]
    [InlineData("qwen_xml", "<tool_call>\n<function=add>\n<parameter=a>\none")]
    [InlineData("qwen_xml", "<tool_call>\n<function=add>\n<parameter=c>")]
    [InlineData("qwen_xml", "<tool_call>\n<function=get_weather>\n</function>")]
    [InlineData("llama3_json", "{\"name\": \"add\", \"parameters\": {\"c\"")]
    [InlineData("llama3_json", "<|python_tag|>print(1)")]
    [InlineData("mistral", "[TOOL_CALLS] []")]
    [InlineData("mistral", "Words [TOOL_CALLS]other[ARGS]")]
    [InlineData("functionary", "So: <function=other>")]
    [InlineData("harmony", "<|channel|>commentary to=functions.other")]
    [InlineData("harmony", "<|channel|>commentary to=functions.add<|message|>{\"c\"")]
    public void Auto_BrokenCalls_AreImpossible(string format, string text) => Assert.False(GrammarOf(FormPrompt.Of(format)).MayBegin(text));

    [Fact]
    public void Limits_AreCounted()
    {
        WirePrompt twice = FormPrompt.Of("hermes") with { ToolChoice = "required", MinToolCalls = 2, MaxToolCalls = 3 };
        Grammar grammar = GrammarOf(twice);

        Assert.False(grammar.Matches(Call));
        Assert.True(grammar.Matches(Call + Call));
        Assert.True(grammar.Matches(Call + "\n" + Call + "\n" + Call));
        Assert.False(grammar.MayBegin(Call + Call + Call + "<"));
        Assert.False(grammar.MayBegin("Words"));
        Assert.False(GrammarOf(FormPrompt.Of("hermes") with { MaxToolCalls = 1 }).MayBegin(Call + "\n" + Call));
    }

    [Fact]
    public void NamedTool_IsTheOnlyOneAndCalledOnce()
    {
        Grammar grammar = GrammarOf(FormPrompt.Of("hermes") with { ToolChoice = """{"type": "function", "name": "add"}""" });

        Assert.True(grammar.Matches(Call));
        Assert.True(grammar.Matches("<think>one</think>" + Call));
        Assert.False(grammar.MayBegin(Call + "\n<"));
        Assert.False(grammar.MayBegin("<tool_call>{\"name\": \"stop\""));
    }

    [Fact]
    public void ResponseFormat_MayComeAfterThinking()
    {
        WirePrompt json = FormPrompt.Of("thinking") with { ToolChoice = "none", ResponseFormatJson = """{"type":"json_object"}""" };

        Assert.True(GrammarOf(json).Matches("so\n</think>\n\n{}"));
        Assert.False(GrammarOf(json).MayBegin("so</think>No"));
        Assert.True(GrammarOf(json with { ThinkingTokens = new ThinkingTokens("<think>", "</think>", false) }).Matches("<think>a</think>{}"));
        Assert.True(GrammarOf(json with { ThinkingTokens = ThinkingTokens.None }).Matches("{}"));
        Assert.True(GrammarOf(FormPrompt.Of("harmony") with { ToolChoice = "none", ResponseFormatJson = """{"type":"json_object"}""" })
            .Matches("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>{}"));
    }

    [Fact]
    public void NeitherToolsNorFormat_LeaveTheOutputFree()
    {
        Assert.Null(OutputRules.Of(FormPrompt.Of("hermes") with { ToolChoice = "none" }).Grammar);
        Assert.Null(OutputRules.Of(FormPrompt.Of("harmony") with { ToolSchemasJson = "" }).Grammar);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Required_WhateverIsSampled_IsCallsThatHoldToTheirSchemas(string format)
    {
        WirePrompt prompt = FormPrompt.Of(format) with { ToolChoice = "required", MaxToolCalls = 2 };
        OutputRules rules = OutputRules.Of(prompt);
        using LlamaDecoder decoder = starter.CreateDecoder(new() { SequenceCapacity = 12, ContextLength = 512, BatchCapacity = 128 });

        (IReadOnlyList<string> texts, int cut) = GrammarSampling.Sample(starter, decoder, rules.Grammar!, samples: 12, maxTokens: 200);

        Assert.True(cut < 12, "every output was cut");
        foreach (string text in texts)
        {
            IReadOnlyList<(string Name, JsonElement Arguments)> calls = ParsedOutput.CallsIn(rules.Syntax!, text);
            string items = ParsedOutput.Of(rules.Syntax!, text, text.Length);
            string written = string.Join(' ', calls.Select(call => $"{call.Name}({call.Arguments.GetRawText()})"));

            Assert.True(calls.Count is 1 or 2, text);
            Assert.EndsWith(written, items, StringComparison.Ordinal);
            Assert.True(items.Length == written.Length || items.StartsWith("reasoning(", StringComparison.Ordinal), items);
            Assert.All(calls, call => AssertHolds(call.Name, call.Arguments));
        }
    }

    [Theory]
    [InlineData("hermes")]
    [InlineData("llama3_json")]
    public void TwoHundredTools_AreCompiledAndToldApart(string format)
    {
        string tools = string.Join(',', Enumerable.Range(0, 200).Select(i =>
            $$$"""{"name": "tool_{{{i}}}", "description": "quotes \" braces } \n", "parameters": {"type": "object", "properties": {"p{{{i}}}": {"type": "string"}}, "required": ["p{{{i}}}"]}}"""));
        WirePrompt prompt = FormPrompt.Of(format) with { ToolSchemasJson = $"[{tools}]" };
        string start = format == "hermes" ? "<tool_call>" : "";
        string key = format == "hermes" ? "arguments" : "parameters";

        Grammar grammar = GrammarOf(prompt);

        Assert.True(grammar.MayBegin($"{start}{{\"name\": \"tool_199\", \"{key}\": {{\"p199\": \"x"));
        Assert.False(grammar.MayBegin($"{start}{{\"name\": \"tool_19\", \"{key}\": {{\"p199\""));
    }

    [Fact]
    public void SchemaOfAStrictToolThatCannotBeEnforced_IsRefusedByToolPathAndKeyword()
    {
        const string Tools = """[{"name": "f", "strict": true, "parameters": {"type": "object", "properties": {"a": {"type": "string", "pattern": "(x)\\1"}}}}]""";

        var error = Assert.Throws<SchemaException>(() => OutputRules.Of(FormPrompt.Of("hermes") with { ToolSchemasJson = Tools }));

        Assert.Equal(("/properties/a", "pattern"), (error.Path, error.Keyword));
        Assert.Contains("'f'", error.Message, StringComparison.Ordinal);
        Assert.NotNull(OutputRules.Of(FormPrompt.Of("hermes") with { ToolSchemasJson = Tools.Replace("\"strict\": true, ", "", StringComparison.Ordinal) }).Grammar);
    }

    public static TheoryData<string, string> OddTools { get; } = new(
        from format in Formats
        from schema in (string[])
        [
            """{"type": "object", "properties": {"a": {"type": "string", "pattern": "(x)\\1"}}}""",
            """{"type": "object", "properties": {"a": {"$ref": "https://elsewhere.example/a.json"}}, "required": ["a"]}""",
            """{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "oneOf": [{"format": "x"}, {"format": "y"}]}""",
            """{"type": "object", "properties": {"a": false}, "required": ["a"]}""",
            """{"type": "object", "properties": {"a": null}, "required": true}""",
            """{"type": "object", "properties": {"a": {"type": "any"}}, "condition": "always"}""",
            """{"anyOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": ["string", "null"]}}}]}""",
            """{"type": "object", "properties": {"a": {"type": "string", "maxLength": 1000000}}}""",
            """{"type": "object", "properties": {"a": {"type": "string", "maxLength": 100000, "pattern": "^[a-z]+-[a-z]+$"}}}""",
            """{"type": "object", "minProperties": 2, "propertyNames": {"enum": ["a", "b"]}}""",
            "true",
        ]
        select new TheoryDataRow<string, string>(format, schema));

    [Theory]
    [MemberData(nameof(OddTools))]
    public void OddTool_AmongOthers_CanBeCalledLikeThem(string format, string schema)
    {
        string tools = """[{"name": "odd", "parameters": """ + schema + """}, {"name": "add", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}}}}]""";
        WirePrompt prompt = FormPrompt.Of(format) with { ToolSchemasJson = tools };

        Grammar grammar = GrammarOf(prompt);

        Assert.True(grammar.MayBegin(format switch
        {
            "qwen_xml" => "<tool_call>\n<function=odd>\n",
            "llama3_json" => "{\"name\": \"odd\", \"parameters\": {",
            "mistral" => "[TOOL_CALLS]odd[ARGS]{",
            "functionary" => "<function=odd>{",
            "harmony" => "<|channel|>commentary to=functions.odd<|message|>{",
            _ => "</think><tool_call>\n{\"name\": \"odd\", \"arguments\": {",
        }));
        Assert.NotNull(GrammarOf(prompt with { ToolChoice = "required" }));
    }

    [Theory]
    [InlineData("""{"type": "string", "maxLength": 1000000}""", "one\ntwo", "{\"p\": \"one\\ntwo\"}")]
    [InlineData("""{"type": ["string", "null"]}""", "null", "{\"p\": null}")]
    [InlineData("""{"type": ["string", "null"]}""", "12", "{\"p\": \"12\"}")]
    [InlineData("""{"anyOf": [{"type": "string"}, {"type": "null"}]}""", "words", "{\"p\": \"words\"}")]
    [InlineData("""{"anyOf": [{"type": "integer"}, {"type": "string"}]}""", "12", "{\"p\": 12}")]
    [InlineData("""{"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}""", "[\"a\"]", "{\"p\": [\"a\"]}")]
    [InlineData("""{"enum": ["C", "F"]}""", "C", "{\"p\": \"C\"}")]
    [InlineData("""{"enum": ["C", "F"]}""", "\"C\"", "{\"p\": \"C\"}")]
    [InlineData("""{"$ref": "#/$defs/word"}""", "true", "{\"p\": \"true\"}")]
    [InlineData("{}", "12", "{\"p\": 12}")]
    [InlineData("{}", "word", "{\"p\": \"word\"}")]
    public void XmlLikeCall_OfAnySchema_HasTheValueThatTheSchemaMeans(string schema, string written, string arguments)
    {
        string tools = """[{"name": "f", "parameters": {"type": "object", "properties": {"p": """ + schema + """}, "required": ["p"], "$defs": {"word": {"type": "string"}}}}]""";
        OutputRules rules = OutputRules.Of(FormPrompt.Of("qwen_xml") with { ToolSchemasJson = tools });
        string text = $"<tool_call>\n<function=f>\n<parameter=p>\n{written}\n</parameter>\n</function>\n</tool_call>";

        Assert.True(rules.Grammar!.Matches(text));
        Assert.Equal($"f({arguments})", ParsedOutput.Of(rules.Syntax!, text, text.Length));
    }

    [Fact]
    public void XmlLikeCall_OfAToolWithoutASchema_MayHaveAnyArguments()
    {
        OutputRules rules = OutputRules.Of(FormPrompt.Of("qwen_xml") with { ToolSchemasJson = """[{"name": "f"}]""" });
        const string Text = "<tool_call>\n<function=f>\n<parameter=a>\n1\n</parameter>\n<parameter=b>\nx\n</parameter>\n</function>\n</tool_call>";

        Assert.True(rules.Grammar!.Matches(Text));
        Assert.Equal("f({\"a\": 1, \"b\": \"x\"})", ParsedOutput.Of(rules.Syntax!, Text, Text.Length));
    }

    [Theory]
    [InlineData("sometimes", "tool_choice")]
    [InlineData("{\"name\": \"nothing\"}", "nothing")]
    [InlineData("{\"name\": 1}", "name")]
    [InlineData("{", "JSON")]
    public void ChoiceThatCannotBeMet_IsRefused(string choice, string expected) => Assert.Contains(
        expected,
        Assert.Throws<ArgumentException>(() => OutputRules.Of(FormPrompt.Of("hermes") with { ToolChoice = choice })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void RequiredWithoutToolsOrForm_IsRefused()
    {
        WirePrompt prompt = FormPrompt.Of("hermes") with { ToolChoice = "required" };

        Assert.Throws<ArgumentException>(() => OutputRules.Of(prompt with { ToolSchemasJson = "" }));
        Assert.Throws<ArgumentException>(() => OutputRules.Of(prompt with { ToolCallingTokens = ToolCallingTokens.None }));
        Assert.Throws<ArgumentException>(() => OutputRules.Of(prompt with { MinToolCalls = 3, MaxToolCalls = 2 }));
    }

    private static Grammar GrammarOf(WirePrompt prompt) => OutputRules.Of(prompt).Grammar!;

    private static void AssertHolds(string name, JsonElement arguments)
    {
        string[] allowed = name switch { "get_weather" => ["city", "unit"], "add" => ["a", "b"], _ => [] };
        Assert.Equal(JsonValueKind.Object, arguments.ValueKind);
        Assert.All(arguments.EnumerateObject(), member => Assert.Contains(member.Name, allowed));
        Assert.All(arguments.EnumerateObject().Where(member => member.Name is "a" or "b"), member => member.Value.GetInt64());
        if (name == "get_weather")
        {
            Assert.True(arguments.GetProperty("city").GetString()!.Length <= 40); // 20 characters
        }

        if (arguments.TryGetProperty("unit", out JsonElement unit))
        {
            Assert.Contains(unit.GetString(), (string[])["C", "F"]);
        }
    }
}
