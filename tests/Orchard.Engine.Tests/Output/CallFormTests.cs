using Orchard.Engine.Output;
using Orchard.Grammars.Tests;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Output;

/// <summary>Parsing and constraining of calls in forms that a client has found in a template.</summary>
public sealed class CallFormTests
{
    private const string Json = """{"call": [{"text": "<tool_call>\n{\"name\": \""}, {"slot": "name"}, {"text": "\", \"arguments\": "}, {"slot": "arguments"}, {"text": "}\n</tool_call>"}], "separator": "\n"}""";
    private const string List = """{"section_start": "<|a|>[", "section_end": "]<|/a|>", "separator": ", ", "call": [{"text": "{\"id\": \""}, {"slot": "index"}, {"text": "\", \"tool\": \""}, {"slot": "name"}, {"text": "\", \"input\": "}, {"slot": "arguments"}, {"text": "}"}]}""";
    private const string NameAsKey = """{"section_start": "<|a|>[", "section_end": "]<|/a|>", "separator": ", ", "call": [{"text": "{\""}, {"slot": "name"}, {"text": "\": "}, {"slot": "arguments"}, {"text": "}"}]}""";
    private const string Pairs = """{"call": [{"text": "<call>"}, {"slot": "name"}, {"slot": "arguments"}, {"text": "\n</call>"}], "arguments": {"before_key": "\n<key>", "text_start": "</key>\n<value>", "value_start": "</key>\n<value>", "text_end": "</value>", "value_end": "</value>", "texts": "raw", "values": "json"}}""";
    private const string Typed = """{"section_start": "<calls>", "section_end": "\n</calls>", "call": [{"text": "\n<invoke name=\""}, {"slot": "name"}, {"text": "\">"}, {"slot": "arguments"}, {"text": "\n</invoke>"}], "arguments": {"before_key": "\n<arg name=\"", "text_start": "\" string=\"true\">", "value_start": "\" string=\"false\">", "text_end": "</arg>", "value_end": "</arg>", "texts": "raw", "values": "json"}}""";
    private const string Python = """{"section_start": "<|a|>[", "section_end": "]<|/a|>", "separator": ", ", "call": [{"slot": "name"}, {"text": "("}, {"slot": "arguments"}, {"text": ")"}], "arguments": {"text_start": "=", "value_start": "=", "separator": ", ", "texts": "python", "values": "python"}}""";
    private const string Marked = """{"call": [{"text": "<|call>call:"}, {"slot": "name"}, {"text": "{"}, {"slot": "arguments"}, {"text": "}<call|>"}], "arguments": {"text_start": ":", "value_start": ":", "separator": ",", "texts": "marked", "values": "marked", "quote": "<|\"|>"}, "stop": "<|answer>"}""";
    private const string Identified = """{"call": [{"text": "[CALL]"}, {"slot": "name"}, {"text": "[ID]"}, {"slot": "id"}, {"text": "[ARGS]"}, {"slot": "arguments"}]}""";
    private const string Word = """{"section_start": "functools[", "section_end": "]", "separator": ", ", "call": [{"text": "{\"name\": \""}, {"slot": "name"}, {"text": "\", \"arguments\": "}, {"slot": "arguments"}, {"text": "}"}]}""";
    private const string Text = """{"call": [{"text": "<call>"}, {"slot": "name"}, {"text": " "}, {"slot": "arguments_text"}, {"text": "</call>"}]}""";
    private const string Bare = """{"separator": ">>>", "message_start": "all\n", "call": [{"slot": "name"}, {"text": "\n"}, {"slot": "arguments"}]}""";

    private const string Weather = "get_weather({\"city\": \"Paris\"})";
    private const string Both = "get_weather({\"city\": \"Paris\"}) add({\"a\": 1, \"b\": 2})";

    [Theory]
    [InlineData(Json, "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>\n<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1, \"b\": 2}}\n</tool_call>")]
    [InlineData(List, "<|a|>[{\"id\": \"0\", \"tool\": \"get_weather\", \"input\": {\"city\": \"Paris\"}}, {\"id\": \"1\", \"tool\": \"add\", \"input\": {\"a\": 1, \"b\": 2}}]<|/a|>")]
    [InlineData(NameAsKey, "<|a|>[{\"get_weather\": {\"city\": \"Paris\"}}, {\"add\": {\"a\": 1, \"b\": 2}}]<|/a|>")]
    [InlineData(Pairs, "<call>get_weather\n<key>city</key>\n<value>Paris</value>\n</call><call>add\n<key>a</key>\n<value>1</value>\n<key>b</key>\n<value>2</value>\n</call>")]
    [InlineData(Typed, "<calls>\n<invoke name=\"get_weather\">\n<arg name=\"city\" string=\"true\">Paris</arg>\n</invoke>\n<invoke name=\"add\">\n<arg name=\"a\" string=\"false\">1</arg>\n<arg name=\"b\" string=\"false\">2</arg>\n</invoke>\n</calls>")]
    [InlineData(Python, "<|a|>[get_weather(city='Paris'), add(a=1, b=2)]<|/a|>")]
    [InlineData(Marked, "<|call>call:get_weather{city:<|\"|>Paris<|\"|>}<call|><|call>call:add{a:1,b:2}<call|><|answer>")]
    [InlineData(Identified, "[CALL]get_weather[ID]x1[ARGS]{\"city\": \"Paris\"}[CALL]add[ID]x2[ARGS]{\"a\": 1, \"b\": 2}")]
    [InlineData(Word, "functools[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}, {\"name\": \"add\", \"arguments\": {\"a\": 1, \"b\": 2}}]")]
    [InlineData(Text, "<call>get_weather \"{\\\"city\\\": \\\"Paris\\\"}\"</call><call>add \"{\\\"a\\\": 1, \\\"b\\\": 2}\"</call>")]
    [InlineData(Bare, "get_weather\n{\"city\": \"Paris\"}>>>add\n{\"a\": 1, \"b\": 2}")]
    public void TwoCalls_InTheFoundForm_AreReadAtEveryCut_AndAllowed(string form, string text)
    {
        WirePrompt prompt = Prompt(form);

        AssertParsed(prompt, text, Both);
        Assert.True(OutputRules.Of(prompt).Grammar!.Matches(text));
        Assert.True(OutputRules.Of(prompt with { ToolChoice = "required" }).Grammar!.Matches(text));
        Assert.False(OutputRules.Of(prompt with { ToolChoice = "required" }).Grammar!.MayBegin("Hello"));
        Assert.False(OutputRules.Of(prompt with { ToolChoice = "required" }).Grammar!.Matches(text[..^1]));
    }

    [Theory]
    [InlineData(Json, "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>")]
    [InlineData(Pairs, "<call>get_weather\n<key>city</key>\n<value>Paris</value>\n</call>")]
    [InlineData(Python, "<|a|>[get_weather(city='Paris')]<|/a|>")]
    [InlineData(Identified, "[CALL]get_weather[ID]x1[ARGS]{\"city\": \"Paris\"}")]
    public void TextAndReasoning_BeforeACall_AreKeptApart(string form, string call)
    {
        WirePrompt prompt = Prompt(form) with { ThinkingTokens = new ThinkingTokens("<think>", "</think>", false) };

        AssertParsed(prompt, $"<think>Let me see.</think>\nOne moment [1] <b>.\n{call}", $"reasoning(Let me see.) text(One moment [1] <b>.) {Weather}");
        Assert.True(OutputRules.Of(prompt).Grammar!.Matches($"<think>Let me see.</think>\nOne moment.\n{call}"));
        Assert.True(OutputRules.Of(prompt with { ToolChoice = "required" }).Grammar!.Matches($"<think>Let me see.</think>\n{call}"));
    }

    [Theory]
    [InlineData(Json, "<tool_call>{\"arguments\": {\"city\": \"Paris\"}, \"name\": \"get_weather\"}</tool_call>", Weather)]
    [InlineData(Json, "<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n</function>\n</tool_call>", Weather)]
    [InlineData(Pairs, "<call>{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}</call>", Weather)]
    [InlineData(Python, "<|a|>[get_weather(city=\"it's \\\"x\\\", (y)]\")]<|/a|>", "get_weather({\"city\": \"it's \\\"x\\\", (y)]\"})")]
    [InlineData(Python, "<|a|>[get_weather(city={'a': [True, None]})]<|/a|>", "get_weather({\"city\": {\"a\": [true, null]}})")]
    [InlineData(Marked, "<|call>call:get_weather{city:{a:<|\"|>}x<|\"|>}}<call|>", "get_weather({\"city\": {\"a\": \"}x\"}})")]
    [InlineData(Pairs, "<call>get_weather\n<key>city</key>\n<value>12</value>\n</call>", "get_weather({\"city\": \"12\"})")]
    [InlineData(Pairs, "<call>stop\n</call>", "stop({})")]
    [InlineData(Python, "<|a|>[stop()]<|/a|>", "stop({})")]
    [InlineData(Typed, "<calls>\n<invoke name=\"get_weather\">\n<arg name=\"city\" string=\"true\">Par", "get_weather(")]
    [InlineData(Python, "<|a|>[get_weather(city='Par", "get_weather(")]
    [InlineData(Bare, "all\nIt is sunny.", "text(It is sunny.)")]
    [InlineData(Json, "<tool_call>no call", "text(<tool_call>no call)")]
    [InlineData(List, "See <|a|>[1] or [2]", "text(See <|a|>[1] or [2])")]
    public void OtherWaysOfWriting_AreReadAsWhatTheyMean(string form, string text, string expected) =>
        AssertParsed(Prompt(form), text, expected);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"call": [{"slot": "name"}]}""")]
    [InlineData("""{"call": [{"slot": "name"}, {"slot": "arguments"}], "arguments": {"texts": "raw"}}""")]
    [InlineData("no form")]
    public void Form_ThatCannotBeRead_IsRefused(string form) =>
        Assert.Throws<ArgumentException>(() => OutputRules.Of(Prompt(form)));

    private static void AssertParsed(WirePrompt prompt, string text, string expected)
    {
        OutputSyntax syntax = OutputRules.Of(prompt).Syntax!;
        for (int length = 1; length <= text.Length; length++)
        {
            Assert.Equal(expected, ParsedOutput.Of(syntax, text, length));
        }
    }

    private static WirePrompt Prompt(string form) => FormPrompt.Of("hermes") with
    {
        Extensions = new PromptExtensions { CallForm = form },
        ThinkingTokens = ThinkingTokens.None,
    };
}
