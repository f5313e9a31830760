using System.Text.Json;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Json;

namespace Orchard.Grammars.Tests;

/// <summary>Every schema is refused, or its grammar matches no text that is invalid for it.</summary>
public sealed class SchemaCorpusTests
{
    [Fact]
    public void OwnSchemas_AreRefusedAsExpected()
    {
        var problems = new List<string>();
        int count = 0;
        foreach ((JsonElement schema, string? expected) in SchemaCorpus.OwnSchemas())
        {
            count++;
            (_, string? keyword) = SchemaCorpus.Compile(schema);
            if (keyword != expected)
            {
                problems.Add($"{schema.GetRawText()}: refused for '{keyword}', expected '{expected}'");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(60)));
        Assert.True(count >= 300);
    }

    [Fact]
    public void OwnSuite_ValidTextsMatchAndInvalidOnesDoNot()
    {
        int tests = 0;
        foreach ((JsonElement schema, JsonElement[] group) in SchemaCorpus.SuiteGroups(Path.Combine(AppContext.BaseDirectory, "Data", "suite")))
        {
            (Grammar? grammar, string? keyword) = SchemaCorpus.Compile(schema);
            Assert.True(grammar is not null, $"{schema.GetRawText()} is refused for '{keyword}'");
            foreach (JsonElement test in group)
            {
                tests++;
                string text = JsonGrammar.Write(test.GetProperty("data"));
                bool isValid = test.GetProperty("valid").GetBoolean();
                Assert.True(grammar.Matches(text) == isValid, $"{schema.GetRawText()}: {text} should {(isValid ? "" : "not ")}match");
            }
        }

        Assert.True(tests >= 100, $"only {tests} tests");
    }

    [Fact]
    public void PublicSuite_InvalidTextsDoNotMatch()
    {
        int compiled = 0;
        foreach ((JsonElement schema, JsonElement[] group) in SchemaCorpus.SuiteGroups(SchemaCorpus.RequirePublicSuite()))
        {
            if (SchemaCorpus.Compile(schema).Grammar is not { } grammar)
            {
                continue;
            }

            compiled++;
            foreach (JsonElement test in group.Where(test => !test.GetProperty("valid").GetBoolean()))
            {
                // Some formats and content keywords of the suite are only annotations by the standard. Here, invalid data must not match anyway.
                string text = JsonGrammar.Write(test.GetProperty("data"));
                Assert.False(grammar.Matches(text), $"{schema.GetRawText()}: matches {text}");
            }
        }

        Assert.True(compiled > 0);
    }
}
