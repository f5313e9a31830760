using System.Text.Json;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;
using Orchard.TestSupport;

namespace Orchard.Templates.Tests;

/// <summary>Malicious templates fail with the error for the limit they exceed, even on a thread with a small stack.</summary>
public sealed class HostileTemplateTests
{
    // The stack size of thread pool threads on the systems with the smallest stacks.
    private const int SmallStack = 1_500_000;

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "characters")]
    [InlineData("{% set ns = namespace(s=['x']) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "characters")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}", "characters")]
    [InlineData("{{ 'x' * 1000000000000 }}", "characters")]
    [InlineData("{{ ['x'] * 1000000000000 }}", "characters")]
    [InlineData("{{ ('x' * 1000000) | replace('x', 'x' * 1000000) }}", "characters")]
    [InlineData("{{ (['x' * 1000000] * 1000) | join }}", "characters")]
    [InlineData("{{ range(100000) | list | join('x' * 1000000) }}", "characters")]
    [InlineData("{{ 'x'.center(1000000000) }}", "characters")]
    [InlineData("{{ 'x'.zfill(1000000000) }}", "characters")]
    [InlineData("{{ 'x' | indent(1000000000, true) }}", "wider")]
    [InlineData("{{ '%1000000000d' % 1 }}", "width")]
    [InlineData("{{ '{:1000000000}'.format(1) }}", "width")]
    [InlineData("{{ range(10000000) }}", "range")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "64 bits")]
    [InlineData("{{ 10 ** 10000 }}", "64 bits")]
    [InlineData("{% for i in range(100000) %}{{ 'xxxxxxxxxx' * 100 }}{% endfor %}", "characters")]
    [InlineData("{% for i in range(100000) %}{{ 'x' * 100000 in 'y' * 1000000 }}{% endfor %}", "characters|steps")]
    [InlineData("{% set y = 'ab' * 500000 %}{% set x = 'ab' * 100000 ~ 'c' %}{% for i in range(100000) %}{% if x in y %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "deep")]
    [InlineData("{% macro m(n) %}{% for i in range(100) %}{{ m(n + 1) }}{% endfor %}{% endmacro %}{{ m(0) }}", "deep")]
    [InlineData("{% macro m(n) %}{% if n < 100 %}{{ m(n + 1) }}{{ m(n + 1) }}{% endif %}{% endmacro %}{{ m(0) }}", "steps|characters")]
    [InlineData("{% macro a() %}{% call b() %}x{% endcall %}{% endmacro %}{% macro b() %}{{ caller() }}{{ a() }}{% endmacro %}{{ a() }}", "deep")]
    [InlineData("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "deep")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}", "deep")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}", "steps|characters")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson | length }}", "steps|characters")]
    [InlineData("{% set ns = namespace(x=[], y=[]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}", "steps")]
    [InlineData("{% set ns = namespace(x=(), d={}) %}{% for i in range(90) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}", "steps")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(100000) %}{% set ns.x = ns.x | select %}{% endfor %}{{ ns.x | list }}", "deep")]
    [InlineData("{% set ns = namespace() %}{% set ns.self = ns %}{{ ns }}", "itself")]
    [InlineData("{{ [1, 2] | slice(1000000000000) | list }}", "steps|characters")]
    [InlineData("{{ [1] | batch(1000000000000, 0) | list }}", "characters")]
    [InlineData("{{ 'x' | tojson(indent=1000000000) }}", "indent")]
    [InlineData("{% set x = 'x' * 100000 %}{% for i in range(100000) %}{% if x.upper() %}{% endif %}{% endfor %}", "characters|steps")]
    [InlineData("{{ strftime_now('%Y' * 10000000) }}", "characters|steps")]
    public async Task Render_OverALimit_EndsWithItsError(string template, string limit)
    {
        TemplateException? error = await OnSmallStack(() => Assert.Throws<TemplateException>(() => Rendering.Render(template)));

        Assert.Contains(limit.Split('|'), word => error!.Message.Contains(word, StringComparison.Ordinal));
        Assert.Equal(1, error!.Line);
    }

    [Theory]
    [InlineData("(", "x", ")")]
    [InlineData("[", "1", "]")]
    [InlineData("{1: ", "1", "}")]
    [InlineData("- ", "1", "")]
    [InlineData("not ", "1", "")]
    [InlineData("x[", "1", "]")]
    [InlineData("f(", "1", ")")]
    [InlineData("1 if 1 else ", "1", "")]
    [InlineData("", "x", ".a")]
    [InlineData("", "x", "()")]
    [InlineData("", "x", " | upper")]
    [InlineData("", "1", " - 1")]
    [InlineData("", "1", " * 1")]
    [InlineData("", "1", " or 1")]
    [InlineData("", "x", " is defined and x")]
    public async Task Parse_ExpressionOfAHundredThousandLevels_IsRefused(string before, string inner, string after)
    {
        string template = "\n{{ " + string.Concat(Enumerable.Repeat(before, 100_000)) + inner + string.Concat(Enumerable.Repeat(after, 100_000)) + " }}";

        TemplateException? error = await OnSmallStack(
            () => Assert.Throws<TemplateException>(() => ChatTemplate.Parse(template, new TemplateLimits { MaxSourceLength = int.MaxValue })));

        Assert.Equal(2, error!.Line);
    }

    [Theory]
    [InlineData("{% if 1 %}")]
    [InlineData("{% for x in y %}")]
    [InlineData("{% macro m() %}")]
    [InlineData("{% call m() %}")]
    [InlineData("{% filter upper %}")]
    [InlineData("{% set x %}")]
    [InlineData("{% with %}")]
    [InlineData("{% generation %}")]
    [InlineData("{% for (a, (b")]
    public async Task Parse_StatementsNestedWithoutEnd_AreRefused(string tag) =>
        await OnSmallStack(() => Assert.Throws<TemplateException>(() => ChatTemplate.Parse(string.Concat(Enumerable.Repeat(tag, 50_000)))));

    [Fact]
    public async Task Render_AsDeepAsAllowed_FitsOnASmallStack()
    {
        const int Levels = 90;
        string nested = string.Concat(Enumerable.Repeat("{% if 1 %}{% for i in [1] %}", 45)) + "{{ m(n + 1) if n < 140 }}"
            + string.Concat(Enumerable.Repeat("{% endfor %}{% endif %}", 45));
        string expression = string.Concat(Enumerable.Repeat("(1 ~ ", Levels)) + "1" + string.Concat(Enumerable.Repeat(")", Levels));
        string template = "{% macro m(n) %}{{ " + expression + " }}" + nested + "{% endmacro %}{{ m(0) | length }}";

        // A stack this small may not be enough, but then the error must say so.
        string? text = await OnSmallStack(() =>
        {
            try
            {
                return Rendering.Render(template);
            }
            catch (TemplateException e)
            {
                return e.Message;
            }
        });

        Assert.True(text == ((Levels + 1) * 141).ToString() || text!.Contains("deep", StringComparison.Ordinal), text);
    }

    [Fact]
    public void Parse_TooLongASource_IsRefused()
    {
        var error = Assert.Throws<TemplateException>(() => ChatTemplate.Parse(new string('x', 11), new TemplateLimits { MaxSourceLength = 10 }));

        Assert.Contains("11 characters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_AnythingCutAnywhere_NeverFailsOtherwise()
    {
        using JsonDocument input = JsonDocument.Parse("""{ "messages": [{ "role": "user", "content": "Hi" }], "tools": [] }""");
        Dictionary<string, TemplateValue> variables = Rendering.Variables(input.RootElement);
        foreach (string file in Directory.GetFiles(Path.Combine(JinjaOracle.Data, "Own"), "*.jinja"))
        {
            string template = File.ReadAllText(file);
            var random = new Random(template.Length);
            for (int i = 0; i < 200; i++)
            {
                int at = random.Next(template.Length);
                int length = random.Next(1, 12);
                string broken = i % 2 == 0
                    ? template[..at]
                    : template.Remove(at, Math.Min(length, template.Length - at)).Insert(at, template.Substring(random.Next(template.Length - length), length));
                try
                {
                    ChatTemplate.Parse(broken).Render(variables);
                }
                catch (TemplateException)
                {
                }
            }
        }
    }

    private static async Task<T?> OnSmallStack<T>(Func<T> action)
        where T : class
    {
        var done = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    done.SetResult(action());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            SmallStack)
        { IsBackground = true };
        thread.Start();
        return await done.Task.OrBroken("a hostile template to be refused");
    }
}
