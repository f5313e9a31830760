using System.Text.Json;
using Orchard.Templates.Limits;
using Orchard.Templates.Values;
using Orchard.TestSupport;

namespace Orchard.Templates.Tests;

public sealed class ChatTemplateTests
{
    [Theory]
    [InlineData("a\n{{ x.y.z }}", 2, "'x' is undefined")]
    [InlineData("{{ {}.a.b }}", 1, "no attribute 'a'")]
    [InlineData("\n\n{{ {}['a'].b }}", 3, "no element 'a'")]
    [InlineData("{% if true %}\n{{ 1 | frobnicate }}{% endif %}", 2, "no filter 'frobnicate'")]
    [InlineData("\n{{ 1 | frobnicate }}", 2, "no filter 'frobnicate'")]
    [InlineData("\n{{ 1 is frobnicated }}", 2, "no test 'frobnicated'")]
    [InlineData("{% for m in [1] %}\n{% if m %}\n{{ m }}\n{% endfor %}", 4, "no tag 'endfor'")]
    [InlineData("{% for m in [1] %}\n\n", 2, "'{% endfor %}' is missing")]
    [InlineData("{{ 'a\n\n", 1, "string literal has no closing quote")]
    [InlineData("{{ 1 + }}", 1, "expression is missing before '}}'")]
    [InlineData("{# a\nb", 1, "'#}'")]
    [InlineData("\n{{ raise_exception('only one system turn') }}", 2, "only one system turn")]
    [InlineData("{% include 'header.jinja' %}", 1, "'header.jinja'")]
    [InlineData("{% macro m(a) %}{{ a.b }}{% endmacro %}\n{{ m() }}", 1, "'a' of 'm' was not given")]
    [InlineData("\n{{ [1].append(2) }}", 2, "'append' is not allowed")]
    [InlineData("\n{{ '%*d' % (-9223372036854775807 - 1, 1) }}", 2, "integer of at most")]
    [InlineData("{% break %}", 1, "not within a loop")]
    public void ParseOrRender_WhatCannotBe_NamesTheLineAndWhatIsMissing(string template, int line, string missing)
    {
        var error = Assert.Throws<TemplateException>(() => Rendering.Render(template));

        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        Assert.Contains($"line {line}:", error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
    }

    [Fact]
    public void From_Json_KeepsOrderAndKinds() =>
        Assert.Equal(
            "{'z': 1, 'a': [1.0, True, None, 'x'], 'm': {}}",
            Rendering.Render("{{ v }}", """{ "v": { "z": 1, "a": [1.0, true, null, "x"], "m": {} } }"""));

    [Fact]
    public void From_JsonNestedTooDeep_IsRefused()
    {
        string deep = new string('[', 150) + new string(']', 150);
        using JsonDocument document = JsonDocument.Parse(deep, new JsonDocumentOptions { MaxDepth = 200 });

        Assert.Throws<TemplateException>(() => JsonValues.From(document.RootElement));
    }

    [Fact]
    public void From_JsonNumberBeyond64Bits_KeepsItsDigits()
    {
        using JsonDocument document = JsonDocument.Parse("9223372036854775808");

        TemplateValue value = JsonValues.From(document.RootElement);

        Assert.Equal(("9223372036854775808", true), (value.Text, value.IsNumberText));
    }

    [Theory]
    [InlineData("\"a\\ud800\\n\\u0062\"", "a\uFFFD\nb")]
    [InlineData("\"\\ud83d\\ude00\\udc00\"", "\U0001F600\uFFFD")]
    public void From_JsonTextWithUnpairedSurrogates_ReplacesThem(string json, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        using JsonDocument named = JsonDocument.Parse($"{{{json}: 1}}");

        Assert.Equal(expected, JsonValues.From(document.RootElement).Text);
        Assert.Equal(expected, JsonValues.From(named.RootElement).Map.Keys[0].Text);
    }

    [Fact]
    public async Task Render_OnManyThreadsAtOnce_GivesEachItsOwn()
    {
        ChatTemplate template = ChatTemplate.Parse(
            "{% set ns = namespace(text='') %}{% for i in range(n) %}{% set ns.text = ns.text ~ i %}{% endfor %}{{ ns.text }}");
        string Expected(int n) => string.Concat(Enumerable.Range(0, n));

        string[] texts = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(
            () => template.Render(new Dictionary<string, TemplateValue> { ["n"] = TemplateValue.From(n) })))).OrBroken("200 renderings");

        Assert.Equal(Enumerable.Range(0, 200).Select(Expected), texts);
    }

    [Fact]
    public void Render_TwentyMessages_AllocatesLittle()
    {
        ChatTemplate template = ChatTemplate.Parse(File.ReadAllText(Path.Combine(JinjaOracle.Data, "Own", "thinking_tools.jinja")));
        string turns = string.Join(", ", Enumerable.Range(0, 10).Select(i =>
            $$"""{ "role": "user", "content": "Question {{i}} of some length, as people write them." }, { "role": "assistant", "content": "Answer {{i}}, as long as the question." }"""));
        using JsonDocument input = JsonDocument.Parse($$"""{ "messages": [{{turns}}], "add_generation_prompt": true }""");
        Dictionary<string, TemplateValue> variables = Rendering.Variables(input.RootElement);
        template.Render(variables);

        long before = GC.GetAllocatedBytesForCurrentThread();
        template.Render(variables);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(allocated <= 64 * 1024, $"{allocated} bytes");
    }
}
