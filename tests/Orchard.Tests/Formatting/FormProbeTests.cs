using Orchard.Formatting;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;

namespace Orchard.Tests.Formatting;

/// <summary>The form of calls and reasoning that is found by rendering a template.</summary>
public sealed class FormProbeTests
{
    private const string Before = "{% for tool in tools or [] %}{{ tool | tojson }}{% endfor %}{% for m in messages %}<|{{ m.role }}|>";
    private const string After = "<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

    public static TheoryData<string, string> Forms { get; } = new()
    {
        // The calls of a template, and two calls in the form that is found for it.
        {
            "{% for c in m.tool_calls or [] %}<tool_call>\n{{ c.function | tojson }}\n</tool_call>{{ '\n' if not loop.last }}{% endfor %}",
            "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1, \"b\": \"x\"}}\n</tool_call>\n"
            + "<tool_call>\n{\"name\": \"mul\", \"arguments\": {\"c\": true}}\n</tool_call>"
        },
        {
            "{% if m.tool_calls %}<calls>[{% for c in m.tool_calls %}{\"tool\": \"{{ c.function.name }}\", \"input\": {{ c.function.arguments | tojson }}}"
            + "{{ ', ' if not loop.last }}{% endfor %}]</calls>{% endif %}",
            "<calls>[{\"tool\": \"add\", \"input\": {\"a\": 1, \"b\": \"x\"}}, {\"tool\": \"mul\", \"input\": {\"c\": true}}]</calls>"
        },
        {
            "{% if m.tool_calls %}<calls>[{% for c in m.tool_calls %}{\"{{ c.function.name }}\": {{ c.function.arguments | tojson }}}"
            + "{{ ', ' if not loop.last }}{% endfor %}]</calls>{% endif %}",
            "<calls>[{\"add\": {\"a\": 1, \"b\": \"x\"}}, {\"mul\": {\"c\": true}}]</calls>"
        },
        {
            "{% for c in m.tool_calls or [] %}<call>{{ c.function.name }}\n{% for k, v in c.function.arguments.items() %}"
            + "<key>{{ k }}</key>\n<value>{{ v if v is string else v | tojson }}</value>\n{% endfor %}</call>{% endfor %}",
            "<call>add\n<key>a</key>\n<value>1</value>\n<key>b</key>\n<value>x</value>\n</call>"
            + "<call>mul\n<key>c</key>\n<value>true</value>\n</call>"
        },
        {
            "{% if m.tool_calls %}<calls>\n{% for c in m.tool_calls %}<invoke name=\"{{ c.function.name }}\">\n"
            + "{% for k, v in c.function.arguments.items() %}<arg name=\"{{ k }}\" string=\"{{ 'true' if v is string else 'false' }}\">"
            + "{{ v if v is string else v | tojson }}</arg>\n{% endfor %}</invoke>\n{% endfor %}</calls>{% endif %}",
            "<calls>\n<invoke name=\"add\">\n<arg name=\"a\" string=\"false\">1</arg>\n<arg name=\"b\" string=\"true\">x</arg>\n</invoke>\n"
            + "<invoke name=\"mul\">\n<arg name=\"c\" string=\"false\">true</arg>\n</invoke>\n</calls>"
        },
        {
            "{% if m.tool_calls %}<|calls|>[{% for c in m.tool_calls %}{{ c.function.name }}({% for k, v in c.function.arguments.items() %}{{ k }}="
            + "{{ \"'\" + v + \"'\" if v is string else v }}{{ ', ' if not loop.last }}{% endfor %}){{ ', ' if not loop.last }}{% endfor %}]<|/calls|>{% endif %}",
            "<|calls|>[add(a=1, b='x'), mul(c=True)]<|/calls|>"
        },
        {
            "{% for c in m.tool_calls or [] %}[CALL]{{ c.function.name }}[ID]{{ c.id }}[ARGS]{{ c.function.arguments | tojson }}{% endfor %}",
            "[CALL]add[ID]id1[ARGS]{\"a\": 1, \"b\": \"x\"}[CALL]mul[ID]id2[ARGS]{\"c\": true}"
        },
        {
            "{% if m.tool_calls %}<|calls|>{% for c in m.tool_calls %}<|call|>functions.{{ c.function.name }}:{{ loop.index0 }}<|args|>"
            + "{{ c.function.arguments }}<|/call|>{% endfor %}<|/calls|>{% endif %}",
            "<|calls|><|call|>functions.add:#<|args|>{\"a\": 1, \"b\": \"x\"}<|/call|><|call|>functions.mul:#<|args|>{\"c\": true}<|/call|><|/calls|>"
        },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Template_ThatShowsCalls_ItsFormIsFound(string calls, string expected)
    {
        OutputForm form = Of($"{Before}{{{{ m.content }}}}{calls}{After}");

        Assert.NotNull(form.Form);
        Assert.Equal(expected, Orchard.Formatting.Forms.FormWriter.Write(
            form.Form,
            new("add", "id1", "{\"a\": 1, \"b\": \"x\"}"),
            new("mul", "id2", "{\"c\": true}")));
        Assert.Equal(form.FormJson, CallFormJson.Write(CallFormJson.Parse(form.FormJson)));
    }

    [Theory]
    [InlineData("{% for c in m.tool_calls or [] %}{{ c.function.name | upper }}: {{ c.function.arguments | tojson }}{% endfor %}")]
    [InlineData("{% for c in m.tool_calls or [] %}{{ c.function.arguments | tojson }} -> {{ c.function.name }}{% endfor %}")]
    [InlineData("{% for c in m.tool_calls or [] %}{{ c.function.name }} {% for k, v in c.function.arguments.items() %}{{ k }} {{ v }} {% endfor %}{% endfor %}")]
    public void Template_WhoseFormIsNotUnderstood_HasNone(string calls)
    {
        string template = $"{Before}{{{{ m.content }}}}{calls}<tool_call>{After}";

        Assert.Null(Of(template).Form);
        Assert.Equal(TemplateToolCalls.Unknown, ChatFormatter.For(new ModelFacts { ChatTemplate = template }).ToolCalls);
    }

    [Theory]
    [InlineData("{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}", "<think>", "</think>")]
    [InlineData("{% if m.thinking %}<|mind|>{{ m.thinking }}<|/mind|>{% endif %}", "<|mind|>", "<|/mind|>")]
    [InlineData("{% if m.role == 'assistant' %}<seed:think>{{ m.reasoning }}</seed:think>{% endif %}", "<seed:think>", "</seed:think>")]
    [InlineData("", "", "")]
    public void Template_ThatShowsReasoning_ItsMarksAreFound(string reasoning, string start, string end)
    {
        ThinkingTokens thinking = Of($"{Before}{reasoning}{{{{ m.content }}}}{After}").Thinking;

        Assert.Equal((start, end), (thinking.Start, thinking.End));
    }

    [Fact]
    public void Template_ThatTakesArgumentsAsText_GetsThemSo()
    {
        const string Calls = "{% for c in m.tool_calls or [] %}<call>{{ c.function.name }}|{{ c.function.arguments + '</call>' }}{% endfor %}";
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts { ChatTemplate = $"{Before}{{{{ m.content }}}}{Calls}{After}" });

        RenderedPrompt prompt = formatter.Render(
            [Message.User("Hi"), Message.Assistant("", [new ToolCall("call00001", "add", "{\"a\": 1}")]), Message.Tool("call00001", "1")],
            new PromptInputs { Tools = [new Tool("add", "Adds.")] });

        Assert.Contains("<call>add|{\"a\": 1}</call>", prompt.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ m.tool_calls[0].function.name | upper }}", TemplateToolCalls.Unknown)]
    [InlineData("{{ m.content }}", TemplateToolCalls.None)]
    public void Template_WithoutAFormOfCalls_IsToldOnce(string shown, TemplateToolCalls expected)
    {
        var told = new List<TemplateToolCalls>();
        string calls = shown.Contains("tool_calls", StringComparison.Ordinal)
            ? $"{{% if m.tool_calls %}}{shown} or {{{{ m.tool_calls[0].function.arguments | tojson }}}} or so{{% endif %}}" : shown;
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts { ChatTemplate = Before + calls + After }, onGeneralCalls: told.Add);
        var inputs = new PromptInputs { Tools = [new Tool("add", "Adds.")] };

        formatter.Render([Message.User("Hi")], inputs);
        formatter.Render([Message.User("Hi")], inputs);

        Assert.Equal([expected], told);
        Assert.Equal(expected, formatter.ToolCalls);
    }

    [Fact]
    public void Template_ThatShowsOnlyIdentifiers_GetsTheNamesInThem()
    {
        const string Calls = "{% for c in m.tool_calls or [] %}<|call|>{{ c.id }}<|args|>{{ c.function.arguments | tojson }}<|/call|>{% endfor %}";
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts { ChatTemplate = $"{Before}{{{{ m.content }}}}{{{{ m.tool_call_id }}}}{Calls}{After}" });

        RenderedPrompt prompt = formatter.Render(
            [Message.User("Hi"), Message.Assistant("", [new ToolCall("call00001", "add", "{}")]), Message.Tool("call00001", "1")],
            new PromptInputs { Tools = [new Tool("add", "Adds.")] });

        Assert.Equal(TemplateToolCalls.Known, formatter.ToolCalls);
        Assert.Contains("<|call|>functions.add:0<|args|>{}<|/call|>", prompt.Text, StringComparison.Ordinal);
        Assert.Contains("<|tool|>1functions.add:0", prompt.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% if m.tool_calls and m.content is not none %}{{ raise_exception('content') }}{% endif %}")]
    [InlineData("{% if m.tool_calls and m.content is defined %}{{ raise_exception('content') }}{% endif %}")]
    [InlineData("{% if m.tool_calls and m.content != '' %}{{ raise_exception('content') }}{% endif %}")]
    public void Template_ThatWantsAnEmptyContentOneWay_GetsItSo(string condition)
    {
        const string Calls = "{% for c in m.tool_calls or [] %}<call>{{ c.function | tojson }}</call>{% endfor %}";
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts { ChatTemplate = $"{Before}{condition}{{{{ m.content or '' }}}}{Calls}{After}" });

        RenderedPrompt prompt = formatter.Render(
            [Message.User("Hi"), Message.Assistant("", [new ToolCall("call00001", "add", "{}")]), Message.Tool("call00001", "1")],
            new PromptInputs { Tools = [new Tool("add", "Adds.")] });

        Assert.Contains("<call>{\"name\": \"add\", \"arguments\": {}}</call>", prompt.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enable_thinking", "true", "false")]
    [InlineData("thinking", "true", "false")]
    [InlineData("thinking_mode", "'enabled'", "'disabled'")]
    public void Template_WithASwitchOfAnyName_IsSwitched(string name, string on, string off)
    {
        string template = $"{Before}{{{{ m.content }}}}{After}{{% if {name} is defined and {name} == {off} %}}<think></think>{{% endif %}}"
            + $"{{% if {name} is defined and {name} == {on} %}}<think>{{% endif %}}";
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts { ChatTemplate = template });

        Assert.EndsWith("<think></think>", formatter.Render([Message.User("Hi")], new PromptInputs { Thinking = false }).Text, StringComparison.Ordinal);
        RenderedPrompt prompt = formatter.Render([Message.User("Hi")], new PromptInputs { Thinking = true });
        Assert.EndsWith("<|assistant|><think>", prompt.Text, StringComparison.Ordinal);
        Assert.True(prompt.Output.Thinking.Required);
    }

    [Fact]
    public void ReasoningInTheTextOfAMessage_IsGivenAsReasoning()
    {
        ChatFormatter formatter = ChatFormatter.For(new ModelFacts
        {
            ChatTemplate = $"{Before}{{% if m.reasoning_content %}}<think>{{{{ m.reasoning_content }}}}</think>{{% endif %}}{{{{ m.content }}}}{After}",
            ControlTokens = ["<think>", "</think>"],
        });

        RenderedPrompt prompt = formatter.Render([Message.User("Hi"), Message.Assistant("<think>\nSo.\n</think>\n\nHello."), Message.User("?")]);

        Assert.Contains("<|assistant|><think>So.</think>Hello.<|end|>", prompt.Text, StringComparison.Ordinal);
        Assert.Empty(prompt.Plain);
    }

    private static OutputForm Of(string template) => ChatFormatter.For(new ModelFacts { ChatTemplate = template })
        .Render([Message.User("Hi")]).Output;
}
