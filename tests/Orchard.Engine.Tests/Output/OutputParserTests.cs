using Orchard.Engine.Output;
using Orchard.Engine.Output.Calls;

namespace Orchard.Engine.Tests.Output;

/// <summary>Parses outputs in every tool call format, in pieces of every length, and in two pieces with every split position.</summary>
public sealed class OutputParserTests
{
    private static readonly string[] Formats = ["hermes", "thinking", "llama3_json", "mistral", "functionary", "harmony"];

    public static TheoryData<string, string, string> Transcripts { get; } = new()
    {
        // JSON between tags: Hermes, Qwen, the starter model.
        { "hermes", "Just words, 1 < 2.", "text(Just words, 1 < 2.)" },
        { "hermes", "  led and trailed by space \n", "text(  led and trailed by space \n)" },
        { "hermes", "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>", "get_weather({\"city\": \"Paris\"})" },
        { "hermes", "I look.\n<tool_call>\n{\"arguments\": {\"a\": 1, \"b\": [2]}, \"name\": \"add\"}\n</tool_call>", "text(I look.) add({\"a\": 1, \"b\": [2]})" },
        { "hermes", "<tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>\n<tool_call>{\"name\":\"get_weather\",\"arguments\":{\"city\":\"a\\\"}b\"}}</tool_call>\n", "add({}) get_weather({\"city\":\"a\\\"}b\"})" },
        { "hermes", "<tool_call>{\"name\":\"add\"}</tool_call>", "add()" },
        { "hermes", "<tool_call>{\"name\": \"add\", \"arguments\": \"{\\\"a\\\": 1}\"}</tool_call>", "add({\"a\": 1})" },
        { "hermes", "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1}}", "add({\"a\": 1})" },
        { "hermes", "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1", "add({\"a\": 1" },
        { "hermes", "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1}}</tool_call> and words", "add({\"a\": 1}) text(and words)" },
        { "hermes", "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1}} and words", "add({\"a\": 1}) text(and words)" },
        { "hermes", "<tool_call>{\"name\": \"unknown\", \"arguments\": {}}</tool_call>", "text(<tool_call>{\"name\": \"unknown\", \"arguments\": {}}</tool_call>)" },
        { "hermes", "The mark <tool_call> begins a call, <tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>", "text(The mark <tool_call> begins a call,) add({})" },
        { "hermes", "<tool_call><tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>", "text(<tool_call>) add({})" },
        { "hermes", "<tool_call>{\"na", "text(<tool_call>{\"na)" },
        { "hermes", "half a mark <tool_ca", "text(half a mark <tool_ca)" },
        { "hermes", "<think>\nHm, <tool_call>?\n</think>\n\nYes.", "reasoning(Hm, <tool_call>?) text(Yes.)" },
        { "hermes", "<think></think>Yes.", "text(Yes.)" },
        { "hermes", "<think>\nno end", "reasoning(no end)" },
        { "hermes", "<think>a</think><tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>", "reasoning(a) add({})" },
        { "hermes", "It says <think> there.", "text(It says <think> there.)" },
        { "thinking", "in thought\n</think>\n\nout", "reasoning(in thought) text(out)" },

        // XML elements between tags: Qwen's coding models.
        { "qwen_xml", "<tool_call>\n<function=get_weather>\n<parameter=city>\nSan José\n</parameter>\n</function>\n</tool_call>", "get_weather({\"city\": \"San José\"})" },
        { "qwen_xml", "<tool_call>\n<function=add>\n<parameter=a>\n1\n</parameter>\n<parameter=b>\ntwo\n</parameter>\n</function>\n</tool_call>", "add({\"a\": 1, \"b\": \"two\"})" },
        { "qwen_xml", "<tool_call>\n<function=get_weather>\n<parameter=city>\n12\n</parameter>\n</function>\n</tool_call>", "get_weather({\"city\": \"12\"})" },
        { "qwen_xml", "<tool_call>\n<function=add>\n</function>\n</tool_call>", "add({})" },
        { "qwen_xml", "<tool_call>\n<function=nothing>\n</function>\n</tool_call>", "text(<tool_call>\n<function=nothing>\n</function>\n</tool_call>)" },

        // The message is a JSON call: Llama 3.
        { "llama3_json", "{\"name\": \"add\", \"parameters\": {\"a\": 1}}", "add({\"a\": 1})" },
        { "llama3_json", "{\"name\": \"add\", \"parameters\": {\"a\": 1}}; {\"name\": \"add\", \"parameters\": {\"a\": 2}}", "add({\"a\": 1}) add({\"a\": 2})" },
        { "llama3_json", "<|python_tag|>{\"name\": \"add\", \"parameters\": {\"a\": 1}}", "add({\"a\": 1})" },
        { "llama3_json", "{\"city\": \"Paris\"}", "text({\"city\": \"Paris\"})" },
        { "llama3_json", "An object: {\"name\": \"add\", \"parameters\": {}}", "text(An object: {\"name\": \"add\", \"parameters\": {}})" },
        { "llama3_json", "{", "text({)" },

        // A marker and a list, or a marker and a name: Mistral.
        { "mistral", "[TOOL_CALLS] [{\"name\": \"add\", \"arguments\": {\"a\": 1}}, {\"name\": \"add\", \"arguments\": {\"a\": 2}}]", "add({\"a\": 1}) add({\"a\": 2})" },
        { "mistral", "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Rome\"}", "get_weather({\"city\": \"Rome\"})" },
        { "mistral", "[TOOL_CALLS]add[ARGS]{\"a\": 1}[TOOL_CALLS]add[ARGS]{\"a\": 2}", "add({\"a\": 1}) add({\"a\": 2})" },
        { "mistral", "[TOOL_CALLS] []", "text([TOOL_CALLS] [])" },
        { "mistral", "[TOOL] no", "text([TOOL] no)" },

        // An element that contains the name: Functionary.
        { "functionary", "<function=get_weather>{\"city\": \"Oslo\"}</function>", "get_weather({\"city\": \"Oslo\"})" },
        { "functionary", "So: <function=add>{}</function><function=add>{\"a\": {}}</function>", "text(So:) add({}) add({\"a\": {}})" },
        { "functionary", "<function=other>{}</function>", "text(<function=other>{}</function>)" },

        // Channels: gpt-oss.
        { "harmony", "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>", "reasoning(Hm.) text(Yes.)" },
        { "harmony", "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.add <|constrain|>json<|message|>{\"a\": 1}<|call|>", "reasoning(Hm.) add({\"a\": 1})" },
        { "harmony", "<|channel|>commentary<|message|>I add.<|end|><|start|>assistant to=functions.add<|channel|>commentary json<|message|>{}", "text(I add.) add({})" },
        { "harmony", " to=functions.add<|channel|>commentary json<|message|>{\"a\": 1}", "add({\"a\": 1})" },
        { "harmony", "no channels", "text(no channels)" },
        { "harmony", "to", "text(to)" },
    };

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Transcript_CutInAnyWay_GivesTheSameItems(string format, string text, string expected)
    {
        OutputSyntax syntax = Syntax(format);

        for (int length = 1; length <= text.Length; length++)
        {
            Assert.Equal(expected, ParsedOutput.Of(syntax, text, length));
        }

        for (int cut = 0; cut <= text.Length; cut++)
        {
            Assert.Equal(expected, ParsedOutput.FromEvents(syntax, text, cut));
        }
    }

    [Fact]
    public void Garbage_ThrowsNothingAndLosesNoMessage()
    {
        string[] pieces = ["<tool_call>", "</tool_call>", "{\"name\": \"add\"", "\"arguments\": {", "}", "\"", "\\", "<think>", "</think>", " ", "\n", "x", "[TOOL_CALLS]", "[", "]", ",", "<function=add>", "<parameter=a>", "</parameter>", "<|channel|>", "<|message|>", "final", "{"];
        var random = new Random(7);
        foreach (string format in Formats)
        {
            OutputSyntax syntax = Syntax(format);
            for (int round = 0; round < 3_000; round++)
            {
                string text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));

                Assert.Equal(ParsedOutput.Of(syntax, text, text.Length), ParsedOutput.Of(syntax, text, 1));
                Assert.Equal(ParsedOutput.Of(syntax, text, 1), ParsedOutput.FromEvents(syntax, text, random.Next(text.Length)));
            }
        }
    }

    [Fact]
    public void ReasoningTokens_AreCountedUpToTheEndOfReasoning()
    {
        var reader = new OutputReader(Syntax("hermes"), omitsValues: false);

        string counts = string.Join(' ', "<think>|a|b|</think>|c|d".Split('|').Select(text =>
            reader.Read(text, tokens: 1, isFinal: false).ReasoningTokens));

        Assert.Equal("1 2 3 4 4 4", counts);
    }

    [Theory]
    [InlineData("{}", "list")]
    [InlineData("[", "JSON")]
    [InlineData("[{}]", "no name")]
    [InlineData("[{\"name\": \"a\"}, {\"name\": \"a\"}]", "twice")]
    public void ToolSchemas_ThatCannotBeRead_AreRefused(string json, string why) =>
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => ToolSet.Parse(json)).Message, StringComparison.Ordinal);

    private static OutputSyntax Syntax(string format) => OutputSyntax.Find(FormPrompt.Of(format), ParsedOutput.Tools)!;
}
