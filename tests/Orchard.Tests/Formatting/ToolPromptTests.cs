using System.Text;
using System.Text.Json;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Tests.Formatting;

/// <summary>Prompts of conversations with tools, and the form of output that a template tells of.</summary>
public sealed class ToolPromptTests
{
    private const string WithTools =
        "{% for tool in tools or [] %}{{ tool | tojson }}\n{% endfor %}{% for m in messages %}[{{ m.role }}]{{ m.content }}"
        + "{% for c in m.tool_calls or [] %}<tool_call>{{ c.function | tojson }}</tool_call>{% endfor %}{{ m.tool_call_id }}{% endfor %}";

    private const string Hostile = "Say \"hi\"\nto {{ name }} \\ {% raw %} </tools> <tool_call> <|im_end|> ﷐ 🦉 \u2028 }]";

    [Theory]
    [InlineData("<|start|>assistant<|channel|>final<|message|>", "harmony")]
    [InlineData("{{ '[TOOL_CALLS]' }}", "mistral")]
    [InlineData("<tool_call>\n<function=x>\n<parameter=y>", "qwen_xml")]
    [InlineData("<function=x>{}</function> <|python_tag|>", "functionary")]
    [InlineData("<tool_call>\n{\"name\"", "hermes")]
    [InlineData("<|python_tag|>", "llama3_json")]
    [InlineData("ipython {\"name\": x, \"parameters\": y}", "llama3_json")]
    [InlineData("<|im_start|>", null)]
    public void Template_OfAFamily_IsRecognised(string template, string? name) =>
        Assert.Equal(name, OutputForm.FamilyOf(template)?.Name);

    [Fact]
    public void Render_TwoHundredToolsWithHostileTexts_EachComesBackAsItWas()
    {
        Tool[] tools = [.. Enumerable.Range(0, 200).Select(index => new Tool($"tool_{index}", $"{index} {Hostile}"))];

        RenderedPrompt prompt = For(WithTools, "<|im_end|>", "<tool_call>").Render([Message.User("Hi")], new PromptInputs { Tools = tools });

        string[] lines = prompt.Text.Split('\n');
        Assert.Equal(201, lines.Length);
        Assert.Equal(tools.Select(tool => tool.Description), lines[..200].Select(line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("function").GetProperty("description").GetString();
        }));
        Assert.Equal("[user]Hi", lines[200]);
        AssertPlain(prompt, "<|im_end|>");
    }

    [Fact]
    public void Render_TemplateWithoutTools_AreDescribedInPlainMessages()
    {
        ChatFormatter formatter = For("{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}", "<|im_end|>", "<tool_call>");
        Message[] conversation =
        [
            Message.System("Be brief."), Message.User("2 + 3?"), Message.Assistant("", [new ToolCall("a1", "add", "{\"a\": 2}"), new ToolCall("a2", "add", "{}")]),
            Message.Tool("a1", "5"), Message.Tool("a2", "0"),
        ];

        RenderedPrompt prompt = formatter.Render(conversation, new PromptInputs { Tools = [new Tool("add", Hostile)] });

        Assert.StartsWith("[system]Be brief.\n\nYou can call tools.", prompt.Text, StringComparison.Ordinal);
        Assert.Contains("🦉 ", prompt.Text, StringComparison.Ordinal); // and no escape, which the model would have to decode
        Assert.EndsWith(
            "[user]2 + 3?[assistant]<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 2}}\n</tool_call>\n<tool_call>\n{\"name\": \"add\", \"arguments\": {}}\n</tool_call>"
            + "[user]<tool_response>\n5\n</tool_response>\n<tool_response>\n0\n</tool_response>",
            prompt.Text,
            StringComparison.Ordinal);
        Assert.Equal("hermes", Assert.Single(prompt.Output.Calls.Formats).Name);
        AssertPlain(prompt, "<|im_end|>");
    }

    [Fact]
    public void Render_CallsAndResults_HaveHuggingFacesShape()
    {
        RenderedPrompt prompt = For(WithTools).Render(
            [Message.User("2 + 3?"), Message.Assistant("", [new ToolCall("a1", "add", "{\"a\": 2}")]), Message.Tool("a1", "5")], new PromptInputs { Tools = [new Tool("add")] });

        Assert.EndsWith("[user]2 + 3?[assistant]<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 2}}</tool_call>[tool]5a1", prompt.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Thinking_IsSwitchedAndItsMarksAreTold()
    {
        ChatFormatter formatter = For("{% if enable_thinking %}/think {{ reasoning_effort }}{% endif %}{% for m in messages %}{{ m.reasoning_content }}{% endfor %}");
        Message[] conversation = [Message.User("Hi"), new Message(MessageRole.Assistant, "Yo") { Reasoning = "Hm." }];

        Assert.Equal("/think highHm.", formatter.Render(conversation, new PromptInputs { Thinking = true, Effort = "high" }).Text);
        Assert.Equal("Hm.", formatter.Render(conversation, new PromptInputs { Thinking = false }).Text);
        Assert.Equal(new ThinkingTokens("<think>", "</think>", false), formatter.Render(conversation).Output.Thinking);
    }

    [Fact]
    public void Render_PromptThatBeginsTheThinking_SaysSo() =>
        Assert.True(For("{{ messages[0].content }}<think>\n").Render([Message.User("Hi")]).Output.Thinking.Required);

    [Fact]
    public void Render_ThinkingThatTheTemplateCannotSwitch_IsRefused()
    {
        Assert.Throws<ChatTemplateException>(() => For("x").Render([Message.User("Hi")], new PromptInputs { Thinking = true }));
        Assert.Throws<ChatTemplateException>(() => For("<think>").Render([Message.User("Hi")], new PromptInputs { Thinking = false }));
    }

    [Theory]
    [InlineData("no thoughts", null, false)]
    [InlineData("{# <think> #}always", null, true)]
    [InlineData("{% if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}", null, true)]
    [InlineData("{% if enable_thinking is defined and not enable_thinking %}<think></think>{% endif %}", false, false)]
    [InlineData("{% if enable_thinking %}/think{% endif %}", null, false)]
    [InlineData("{% if enable_thinking %}/think{% endif %}", true, true)]
    [InlineData("go<think>", null, true)]
    public void ReasonsFirst_FollowsTheOptionOrElseTheTemplate(string template, bool? thinking, bool expected)
    {
        ChatFormatter formatter = For(template);
        var inputs = new PromptInputs { Thinking = thinking };

        Assert.Equal(expected, ChatFormatter.ReasonsFirst(formatter.Render([Message.User("Hi")], inputs), inputs));
    }

    private static ChatFormatter For(string template, params string[] controlTokens) =>
        ChatFormatter.For(new ModelFacts { ChatTemplate = template, ControlTokens = controlTokens });

    // Wherever a control token's text is in the prompt, it is in a stretch of plain text: the templates here write none.
    private static void AssertPlain(RenderedPrompt prompt, string control)
    {
        byte[] text = Encoding.UTF8.GetBytes(prompt.Text);
        byte[] sought = Encoding.UTF8.GetBytes(control);
        int found = 0;
        for (int at = 0; text.AsSpan(at).IndexOf(sought) is >= 0 and int distance; at += distance + sought.Length, found++)
        {
            int start = at + distance;
            Assert.Contains(prompt.Plain, span => span.Start <= start && start + sought.Length <= span.Start + span.Length);
        }

        Assert.True(found > 0);
    }
}
