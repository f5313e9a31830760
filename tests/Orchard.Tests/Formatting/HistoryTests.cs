using System.Globalization;
using Orchard.Formatting;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Tests.Formatting;

/// <summary>
/// Histories of other programs, with templates of every kind: all of a history that a template can show is in the prompt, in an order that
/// the template accepts.
/// </summary>
public sealed class HistoryTests
{
    private const string Body = "[{{ m.role }}]{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>{{ c.id }} {{ c.function.name }}</tool_call>{% endfor %}";

    private const string Offered = "{% for t in tools or [] %}{{ t.function.name }}{% endfor %}";

    private static readonly Dictionary<string, string> Templates = new()
    {
        ["lenient"] = Offered + "{% for m in messages %}" + Body + "{% endfor %}",
        ["system first"] =
            Offered + "{% for m in messages %}{% if m.role == 'system' and not loop.first %}{{ raise_exception('late system') }}{% endif %}" + Body + "{% endfor %}",
        ["drops late system"] = Offered + "{% for m in messages %}{% if m.role != 'system' or loop.first %}" + Body + "{% endif %}{% endfor %}",
        ["no system"] =
            Offered + "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}" + Body + "{% endfor %}",
        ["alternating"] =
            Offered
            + "{% set ns = namespace(user=true) %}{% for m in messages %}{% if (m.role == 'system' and loop.first) or m.role == 'tool' or m.tool_calls %}"
            + "{% elif (m.role == 'user') != ns.user %}{{ raise_exception('must alternate') }}{% else %}{% set ns.user = not ns.user %}{% endif %}"
            + Body + "{% endfor %}",
        ["one call"] =
            Offered + "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% if m.tool_calls %}<tool_call>{{ m.tool_calls[0].function.name }}</tool_call>{% endif %}{% endfor %}",
        ["strict pairs"] =
            Offered
            + "{% set ns = namespace(open=0) %}{% for m in messages %}{% if m.role == 'tool' %}{% if ns.open == 0 %}{{ raise_exception('no call') }}{% endif %}"
            + "{% set ns.open = ns.open - 1 %}{% elif ns.open > 0 %}{{ raise_exception('no result') }}{% endif %}"
            + "{% if m.tool_calls %}{% set ns.open = m.tool_calls | length %}{% endif %}" + Body + "{% endfor %}",
        ["short ids"] =
            Offered
            + "{% for m in messages %}{% for c in m.tool_calls or [] %}{% if c.id | length != 9 %}{{ raise_exception('id') }}{% endif %}{% endfor %}"
            + Body + "{{ m.tool_call_id }}{% endfor %}",
        ["needs a user"] =
            Offered
            + "{% if messages | selectattr('role', 'equalto', 'user') | list | length == 0 %}{{ raise_exception('no user') }}{% endif %}{% for m in messages %}" + Body + "{% endfor %}",
        ["no tools"] = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}",
    };

    private static readonly Dictionary<string, Message[]> Histories = new()
    {
        ["tool that is not offered"] = [User(1), Call(("a1", "gone2")), Result("a1", 3), Assistant(4), User(5)],
        ["orphan result"] = [User(1), Result("a9", 2), User(3)],
        ["orphan result first"] = [Result("a9", 1), User(2)],
        ["result without an id"] = [User(1), Call(("a1", "add")), Result(null, 2), User(3)],
        ["result twice"] = [User(1), Call(("a1", "add")), Result("a1", 2), Result("a1", 3), User(4)],
        ["unanswered call"] = [User(1), Call(("a1", "add")), User(2)],
        ["unanswered call at the end"] = [User(1), Call(("a1", "add"))],
        ["one of two calls unanswered"] = [User(1), Call(("a1", "add"), ("a2", "subtract")), Result("a2", 2), User(3)],
        ["message between call and result"] = [User(1), Call(("a1", "add")), User(2), Result("a1", 3), User(4)],
        ["parallel calls as messages"] = [User(1), Call(("a1", "add")), Call(("a2", "subtract")), Result("a1", 2), Result("a2", 3), User(4)],
        ["parallel calls, results reversed"] = [User(1), Call(("a1", "add"), ("a2", "subtract")), Result("a2", 2), Result("a1", 3)],
        ["ids used twice"] = [User(1), Call(("a1", "add")), Result("a1", 2), Assistant(3), User(4), Call(("a1", "add")), Result("a1", 5)],
        ["one id in one message twice"] = [User(1), Call(("a1", "add"), ("a1", "subtract")), Result("a1", 2), Result("a1", 3)],
        ["empty ids"] = [User(1), Call(("", "add")), Result("", 2), User(3)],
        ["foreign ids"] = [User(1), Call(("call_0123456789abcdef", "add")), Result("call_0123456789abcdef", 2)],
        ["two systems"] = [System(1), System(2), User(3)],
        ["late system"] = [System(1), User(2), Assistant(3), System(4), User(5)],
        ["late system alone"] = [User(1), System(2)],
        ["system alone"] = [System(1)],
        ["assistant first"] = [Assistant(1), User(2)],
        ["assistant alone"] = [System(1), Assistant(2)],
        ["two users"] = [User(1), User(2), Assistant(3), User(4)],
        ["two answers"] = [User(1), Assistant(2), Assistant(3), User(4)],
        ["answer and call apart"] = [User(1), Assistant(2), Call(("a1", "add")), Result("a1", 3), Assistant(4), User(5)],
        ["empty answer"] = [User(1), Message.Assistant(""), User(2)],
        ["empty system"] = [Message.System(""), User(1)],
        ["empty question before"] = [Message.User(""), Assistant(1), User(2)],
    };

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string template, string history) in Templates.Keys.SelectMany(template => Histories.Keys.Select(history => (template, history))))
            {
                data.Add(template, history);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Render_AnyHistory_ShowsAllOfIt(string template, string history)
    {
        Message[] messages = Histories[history];

        string prompt = For(Templates[template]).Render(messages, new PromptInputs { Tools = [new Tool("add"), new Tool("subtract")] }).Text;

        foreach (Message message in messages)
        {
            Assert.Contains(message.Text, prompt, StringComparison.Ordinal);
            Assert.All(message.ToolCalls, call => Assert.Contains(call.Name, prompt, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Render_HistoryThatTheTemplateTakes_IsAsItWas() => Assert.Equal(
        "[user]text 1[assistant]<tool_call>a1 add</tool_call>[user]text 2[tool]text 3",
        For(Templates["lenient"]).Render([User(1), Call(("a1", "add")), User(2), Result("a9", 3)]).Text);

    [Fact]
    public void Render_ResultElsewhere_IsBehindItsCall() => Assert.Equal(
        "[user]text 1[assistant]<tool_call>a1 add</tool_call><tool_call>a2 subtract</tool_call>[tool]text 3[tool]text 4[user]text 2",
        For(Templates["lenient"]).Render([User(1), Call(("a1", "add")), Call(("a2", "subtract")), User(2), Result("a2", 4), Result("a1", 3)]).Text);

    [Fact]
    public void Render_LeadingSystems_AreOne() =>
        Assert.Equal("[system]text 1\n\ntext 2[user]text 3", For(Templates["lenient"]).Render([System(1), System(2), User(3)]).Text);

    [Fact]
    public void Render_LateSystem_StaysOneOnlyIfTheTemplateShowsIt()
    {
        Message[] messages = [System(1), User(2), Assistant(3), System(4)];

        Assert.EndsWith("[system]text 4", For(Templates["lenient"]).Render(messages).Text, StringComparison.Ordinal);
        Assert.EndsWith("[user]text 4", For(Templates["system first"]).Render(messages).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_CallWithoutResult_GetsOneOnlyIfTheTemplateNeedsIt()
    {
        Message[] messages = [User(1), Call(("a1", "add")), User(2)];

        Assert.DoesNotContain("[tool]", For(Templates["lenient"]).Render(messages).Text, StringComparison.Ordinal);
        Assert.Contains("[tool]There is no result", For(Templates["strict pairs"]).Render(messages).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_EmptyAnswer_IsLeftOut() =>
        Assert.Equal("[user]text 1[user]text 2", For(Templates["lenient"]).Render([User(1), Message.Assistant(""), User(2)]).Text);

    [Fact]
    public void Render_EmptyQuestionAtTheEnd_IsAQuestion() =>
        Assert.Equal("[user]text 1[assistant]text 2[user]", For(Templates["lenient"]).Render([User(1), Assistant(2), Message.User("")]).Text);

    [Fact]
    public void Render_NumbersBeyond64Bits_KeepTheirDigits()
    {
        string prompt = For(
            Offered + "{% for m in messages %}{{ m.content if m.role == 'user' }}{% for c in m.tool_calls or [] %}<tool_call>{{ c.function.arguments | tojson }}"
            + "{{ c.function.arguments.id }}{% endfor %}{% endfor %}").Render(
            [User(1), Message.Assistant("", [new ToolCall("a1", "add", """{"id": 123456789012345678901234567890, "huge": 1e999, "text": "\ud83d!"}""")])]).Text;

        Assert.Equal("text 1<tool_call>{\"id\": 123456789012345678901234567890, \"huge\": 1e999, \"text\": \"\uFFFD!\"}123456789012345678901234567890", prompt);
    }

    private static ChatFormatter For(string template) => ChatFormatter.For(new ModelFacts { ChatTemplate = template });

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"text {number}");

    private static Message System(int number) => Message.System(Text(number));

    private static Message User(int number) => Message.User(Text(number));

    private static Message Assistant(int number) => Message.Assistant(Text(number));

    private static Message Call(params (string Id, string Name)[] calls) =>
        Message.Assistant("", [.. calls.Select(call => new ToolCall(call.Id, call.Name, "{}"))]);

    private static Message Result(string? id, int number) => new(MessageRole.Tool, Text(number)) { ToolCallId = id };
}
