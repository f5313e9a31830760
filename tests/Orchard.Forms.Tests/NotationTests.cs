using Orchard.Engine.Output;
using Orchard.Engine.Tests.Inference;
using Orchard.Formatting;
using Orchard.Grammars.Tests;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Forms.Tests;

/// <summary>Each kind of notation of calls, with templates of our own: found, read at every cut, and enforced.</summary>
public sealed class NotationTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private const int Samples = 4;

    private const string Before =
        "{% for tool in tools or [] %}{{ tool | tojson }}{% endfor %}{% for m in messages %}<|{{ m.role }}|>";

    private const string Arguments = "{% for k, v in c.function.arguments.items() %}";
    private const string Reasoning = "{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}";
    private const string TextAlone = "{% if m.content and not m.tool_calls %}{{ m.content }}{% endif %}";
    private const string Text = "{% if m.content %}{{ m.content }}{% endif %}";

    private static readonly Dictionary<string, string> Calls = new()
    {
        ["an object between tags"] = "{% for c in m.tool_calls or [] %}<tool_call>\n{{ c.function | tojson }}\n</tool_call>{{ '\n' if not loop.last }}{% endfor %}",
        ["an object with other keys and a number"] =
            "{% if m.tool_calls %}<|act|>[{% for c in m.tool_calls %}{\"call\": \"{{ loop.index0 }}\", \"tool_name\": \"{{ c.function.name }}\", \"parameters\": "
            + "{{ c.function.arguments | tojson }}}{{ ', ' if not loop.last }}{% endfor %}]<|/act|>{% endif %}",
        ["an object with the name last"] =
            "{% for c in m.tool_calls or [] %}<call>{\"arguments\": {{ c.function.arguments | tojson }}, \"name\": \"{{ c.function.name }}\"}</call>{% endfor %}",
        ["an object with the arguments as a string"] =
            "{% for c in m.tool_calls or [] %}<call>{\"name\": \"{{ c.function.name }}\", \"arguments\": {{ c.function.arguments | tojson | tojson }}}</call>{% endfor %}",
        ["arguments as a string after a name"] =
            "{% for c in m.tool_calls or [] %}<|call|>{{ c.function.name }}<|args|>{{ c.function.arguments | tojson | tojson }}<|/call|>{% endfor %}",
        ["an object between quotes"] =
            "{% for c in m.tool_calls or [] %}<call>{\"name\": \"{{ c.function.name }}\", \"arguments\": \"{{ c.function.arguments | tojson }}\"}</call>{% endfor %}",
        ["a recipient and elements"] =
            "{% if m.tool_calls %}{% for c in m.tool_calls %}{{ '<|eom|><|assistant|>' if not loop.first }} to={{ c.function.name }}<|message|><invoke name=\"{{ c.function.name }}\">\n" + Arguments
            + "<parameter name=\"{{ k }}\">{{ v if v is string else v | tojson }}</parameter>\n{% endfor %}</invoke>{% endfor %}{% endif %}",
        ["elements with the name of the tool"] =
            "{% for c in m.tool_calls or [] %}<call><{{ c.function.name }}>{{ c.function.arguments | tojson }}</{{ c.function.name }}></call>{% endfor %}",
        ["text between marks"] =
            "{% if m.tool_calls %}<|open|>{{ m.content }}<|close|>{% for c in m.tool_calls %}{\"name\": \"{{ c.function.name }}\", \"parameters\": {{ c.function.arguments | tojson }}}{% endfor %}{% endif %}",
        ["lines of Python in a fence"] =
            "{% if m.tool_calls %}<|calls|>\n```python\n{% for c in m.tool_calls %}{{ c.function.name }}(" + Arguments
            + "{{ k }}={{ v | tojson }}{{ ',' if not loop.last }}{% endfor %})\n{% endfor %}```\n<|/calls|>{% endif %}",
        ["the name as key"] =
            "{% if m.tool_calls %}<|tools|>[{% for c in m.tool_calls %}{\"{{ c.function.name }}\": {{ c.function.arguments | tojson }}}"
            + "{{ ', ' if not loop.last }}{% endfor %}]<|/tools|>{% endif %}",
        ["a name, an identifier and an object"] =
            "{% for c in m.tool_calls or [] %}[CALL]{{ c.function.name }}[ID]{{ c.id }}[ARGS]{{ c.function.arguments | tojson }}{% endfor %}",
        ["a name in a fence"] =
            "{% if m.tool_calls %}<|calls|>{% for c in m.tool_calls %}<|call|>function<|sep|>{{ c.function.name }}\n```json\n{{ c.function.arguments | tojson }}\n```<|/call|>"
            + "{% endfor %}<|/calls|>{% endif %}",
        ["elements per argument"] =
            "{% for c in m.tool_calls or [] %}<tool_call>\n<function={{ c.function.name }}>\n" + Arguments
            + "<parameter={{ k }}>\n{{ v if v is string else v | tojson }}\n</parameter>\n{% endfor %}</function>\n</tool_call>{{ '\n' if not loop.last }}{% endfor %}",
        ["pairs of keys and values"] =
            "{% for c in m.tool_calls or [] %}<tool_call>{{ c.function.name }}\n" + Arguments
            + "<arg_key>{{ k }}</arg_key>\n<arg_value>{{ v if v is string else v | tojson }}</arg_value>\n{% endfor %}</tool_call>{% endfor %}",
        ["typed by an attribute"] =
            "{% if m.tool_calls %}<calls>{% for c in m.tool_calls %}<invoke name=\"{{ c.function.name }}\">" + Arguments
            + "<arg name=\"{{ k }}\" string=\"{{ 'true' if v is string else 'false' }}\">{{ v if v is string else v | tojson }}</arg>{% endfor %}</invoke>{% endfor %}</calls>{% endif %}",
        ["elements with the names of the arguments"] =
            "{% if m.tool_calls %}<calls>{% for c in m.tool_calls %}<invoke name=\"{{ c.function.name }}\">" + Arguments
            + "~[<{{ k }}>{{ v if v is string else v | tojson }}~[</{{ k }}>{% endfor %}</invoke>{% endfor %}</calls>{% endif %}",
        ["calls like Python's"] =
            "{% if m.tool_calls %}<|code|>[{% for c in m.tool_calls %}{{ c.function.name }}(" + Arguments
            + "{{ k }}={{ \"'\" + v + \"'\" if v is string else v }}{{ ', ' if not loop.last }}{% endfor %}){{ ', ' if not loop.last }}{% endfor %}]<|/code|>{% endif %}",
        ["calls like Python's without a mark"] =
            "{% if m.tool_calls %}[{% for c in m.tool_calls %}{{ c.function.name }}(" + Arguments
            + "{{ k }}={{ v | tojson }}{{ ', ' if not loop.last }}{% endfor %}){{ ', ' if not loop.last }}{% endfor %}]{% endif %}",
        ["marks for quotes"] =
            "{%- macro put(v) %}{% if v is string %}<|\"|>{{ v }}<|\"|>{% elif v is mapping %}{{ '{' }}{% for k, x in v.items() %}{{ k }}:{{ put(x) }}"
            + "{{ ',' if not loop.last }}{% endfor %}{{ '}' }}{% elif v is sequence %}[{% for x in v %}{{ put(x) }}{{ ',' if not loop.last }}{% endfor %}]"
            + "{% else %}{{ v | tojson }}{% endif %}{% endmacro -%}"
            + "{% for c in m.tool_calls or [] %}<|call>call:{{ c.function.name }}{{ '{' }}" + Arguments
            + "{{ k }}:{{ put(v) }}{{ ',' if not loop.last }}{% endfor %}{{ '}' }}<call|>{% endfor %}",
        ["names and objects alone"] =
            "{% for c in m.tool_calls or [] %}>>>{{ c.function.name }}\n{{ c.function.arguments | tojson }}{% endfor %}",
    };

    public static TheoryData<string> Names => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Calls_InANotation_AreReadAtEveryCutAndAllowed(string name)
    {
        ModelTemplate template = Of(name);
        Assert.True(template.KnowsCalls);
        RenderedPrompt prompt = template.Prompt(ModelOutput.Tools);
        var check = new FormCheck(template);
        foreach ((string variant, int count) in new[] { ("one", 1), ("two", 2) })
        {
            string output = template.Written(Message.Assistant("", [.. ModelOutput.Calls.Take(count)]), prompt, ModelOutput.Tools)!;
            check.Calls(new ModelOutput(name, variant, prompt.Text, output));
        }

        Assert.Empty(check.Problems);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Arguments_OfEveryKind_AreReadAsTheyWereWritten(string name)
    {
        Assert.True(Of(name).KnowsCalls);
        Assert.Equal("", string.Join("\n", new ArgumentCheck(Of(name)).FindProblems()));
    }

    [Theory]
    [InlineData("[get_weather(city=\"Paris\", days=\"3\")]")]
    [InlineData("[get_weather(city=\"Paris\", days=3)]")]
    [InlineData("[get_weather(city='Paris', days=3)]")]
    public void PythonCall_OfATemplateThatQuotesEverything_HasTheTypesOfTheSchema(string output)
    {
        const string Call = "{% if m.tool_calls %}[{% for c in m.tool_calls %}{{ c.function.name }}(" + Arguments
            + "{{ k }}=\"{{ v }}\"{{ ', ' if not loop.last }}{% endfor %}){{ ', ' if not loop.last }}{% endfor %}]{% endif %}";
        RenderedPrompt prompt = new ModelTemplate(Around(Text + Call)).Prompt(ModelOutput.Tools);
        OutputRules rules = ModelTemplate.Rules(prompt, ModelOutput.Tools, ToolChoice.Auto);

        Assert.Equal(
            [OutputItems.Call(ModelOutput.Calls[0].Name, ModelOutput.Calls[0].Arguments)], OutputItems.In(output, rules.Syntax, output.Length));
    }

    [Fact]
    public void CharacterData_InAnArgument_IsItsText()
    {
        ModelTemplate template = Of("typed by an attribute");
        RenderedPrompt prompt = template.Prompt(ModelOutput.Tools);
        OutputRules rules = ModelTemplate.Rules(prompt, ModelOutput.Tools, ToolChoice.Auto);
        const string Output = "<calls><invoke name=\"get_weather\"><arg name=\"city\" string=\"true\"><![CDATA[a < </arg> b]]></arg>"
            + "<arg name=\"days\" string=\"false\">3</arg></invoke></calls>";

        for (int length = 1; length < Output.Length; length++)
        {
            Assert.Equal([OutputItems.Call("get_weather", """{"city": "a < </arg> b", "days": 3}""")], OutputItems.In(Output, rules.Syntax, length));
        }
    }

    [Theory]
    [InlineData("[{% for c in m.tool_calls or [] %}{{ c.function.name }}({% for k, v in c.function.arguments.items() %}{{ k }}={{ v | tojson }}{% endfor %}){% endfor %}]")]
    [InlineData("{% for c in m.tool_calls or [] %}<call name=\"{{ c.function.name }}\">{% if c.function.arguments is string %}<json>{{ c.function.arguments }}</json>"
        + "{% else %}{% for k, v in c.function.arguments.items() %}<arg key=\"{{ k }}\" kind=\"{{ 'text' if v is string else 'flag' if v is boolean else 'number' }}\">"
        + "{{ v }}</arg>{% endfor %}{% endif %}</call>{% endfor %}")]
    [InlineData("{% if m.tool_calls %}ipython parameters [{% for c in m.tool_calls %}{{ c.function.name }}({% for k, v in c.function.arguments.items() %}"
        + "{{ k }}={{ v }}{{ ', ' if not loop.last }}{% endfor %}){% endfor %}]{% endif %}")]
    public void Calls_ThatCannotBeReadWithCertainty_AreInTheGeneralForm(string calls)
    {
        var template = new ModelTemplate(Around(Text + calls));

        Assert.False(template.KnowsCalls);
        Assert.Equal(ToolCallDialect.Hermes, Assert.Single(template.Prompt(ModelOutput.Tools).Output.Calls.Formats).Name);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(null, "<think>\n\n</think>\n\n")]
    [InlineData(false, "<think>\n\n</think>\n\n")]
    [InlineData(true, "<think>\n\n</think>\n\n")]
    public void RequiredCall_AfterEmptyReasoning_IsReadAndAllowed(bool? thinks, string reasoning)
    {
        const string Switch = "{% if enable_thinking is defined and enable_thinking is false %}{% endif %}";
        var template = new ModelTemplate(Source("an object between tags") + Switch);
        RenderedPrompt prompt = template.Prompt(ModelOutput.Tools, thinks);
        OutputRules rules = ModelTemplate.Rules(prompt, ModelOutput.Tools, ToolChoice.Required, thinks);
        string call = template.Written(Message.Assistant("", [ModelOutput.Calls[0]]), prompt, ModelOutput.Tools)!.Replace("<|end|>", "", StringComparison.Ordinal);

        for (int length = 1; length < call.Length; length++)
        {
            Assert.Equal(
                [OutputItems.Call(ModelOutput.Calls[0].Name, ModelOutput.Calls[0].Arguments)],
                OutputItems.In(reasoning + call, rules.Syntax, length));
        }

        Assert.True(rules.Grammar!.Matches(reasoning + call));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RequiredCalls_AtAHighTemperature_AreInTheNotation(string name)
    {
        using var samples = new FormSamples(starter, Samples);

        Assert.Empty(samples.FindProblems(Of(name)));
    }

    private static ModelTemplate Of(string name) => new(Source(name));

    private static string Source(string name) =>
        Around(Reasoning + (Calls[name].Contains("m.content", StringComparison.Ordinal) ? TextAlone : Text) + Calls[name]);

    private static string Around(string message) =>
        $"{Before}{message}<|end|>{{% endfor %}}{{% if add_generation_prompt %}}<|assistant|>{{% endif %}}";
}
