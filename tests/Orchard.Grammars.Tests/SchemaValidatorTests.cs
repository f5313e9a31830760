using System.Text.Json;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Json;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;
using Orchard.Grammars.Schemas.Validation;

namespace Orchard.Grammars.Tests;

/// <summary>What a grammar does not enforce, the validator finds, or it is listed as ignored.</summary>
public sealed class SchemaValidatorTests
{
    [Fact]
    public void OwnSuite_HasTheSameVerdicts() => AssertVerdicts(Path.Combine(AppContext.BaseDirectory, "Data", "suite"), 100);

    [Fact]
    public void PublicSuite_HasTheSameVerdictsOrTheKeywordIsListedAsIgnored() => AssertVerdicts(SchemaCorpus.RequirePublicSuite(), 1_000);

    [Fact]
    public void PublicSuite_CompilesWithoutStrictness_AndPassesNothingSilently()
    {
        var problems = new List<string>();
        int groups = 0;
        foreach ((JsonElement schema, JsonElement[] tests) in SchemaCorpus.SuiteGroups(SchemaCorpus.RequirePublicSuite()))
        {
            groups++;
            var gaps = new SchemaGaps(isStrict: false);
            Grammar grammar;
            try
            {
                grammar = GrammarCompiler.Compile(SchemaCompiler.Compile(schema, gaps));
            }
            catch (SchemaException e)
            {
                if (e.Keyword is not null || tests.Any(test => test.GetProperty("valid").GetBoolean()))
                {
                    problems.Add($"{schema.GetRawText()}: refused: {e.Message}");
                }

                continue;
            }

            problems.AddRange(tests.Where(test => !test.GetProperty("valid").GetBoolean())
                .Select(test => JsonGrammar.Write(test.GetProperty("data")))
                .Where(text => gaps.Found.Count == 0 && grammar.Matches(text))
                .Select(text => $"{schema.GetRawText()}: {text} matches, and nothing is listed"));
        }

        Assert.True(groups > 100);
        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(40)));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}}}""", """{"a":"x"}""", "$.a is \"x\", not \"integer\"")]
    [InlineData("""{"required":["a"]}""", "{}", "$ lacks 'a'")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"b":1}""", "$ has 'b', which the schema does not allow")]
    [InlineData("""{"items":{"enum":["x","y"]}}""", """["x","z"]""", "$[1] is \"z\", which is none of [\"x\",\"y\"]")]
    [InlineData("""{"pattern":"^(a)\\1$"}""", "\"ab\"", "$ is \"ab\", which the pattern \"^(a)\\\\1$\" does not match")]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1.0]", "$[2] equals $[0]")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "$ has 'a', but lacks 'b'")]
    [InlineData("""{"multipleOf":0.01}""", "0.075", "multipleOf")]
    [InlineData("""{"minimum":0,"exclusiveMinimum":true}""", "0", "minimum")]
    [InlineData("""{"not":{"const":""}}""", "\"\"", "excludes")]
    [InlineData("""{"oneOf":[{"type":"number"},{"type":"integer"}]}""", "1", "2 alternatives of oneOf")]
    [InlineData("""{"maxLength":1}""", "\"🦉🦉\"", "2 characters")]
    [InlineData("""{"$ref":"#"}""", "1", null)]
    [InlineData("""{"maxLength":1}""", "\"🦉\"", null)]
    [InlineData("""{"multipleOf":0.01}""", "0.07", null)]
    [InlineData("""{"pattern":"^.$"}""", "\"🦉\"", null)]
    [InlineData("""{"maximum":9223372036854775808}""", "9223372036854775807", null)]
    [InlineData("""{"type":"any","required":true,"properties":null,"$ref":"elsewhere.json"}""", "{}", null)]
    public void Value_OfASchema_HasThisProblem(string schema, string value, string? problem)
    {
        string? found = new SchemaValidator(JsonElement.Parse(schema)).Find(JsonElement.Parse(value));

        if (problem is null)
        {
            Assert.Null(found);
        }
        else
        {
            Assert.Contains(problem, found, StringComparison.Ordinal);
        }
    }

    private static void AssertVerdicts(string folder, int least)
    {
        var problems = new List<string>();
        int count = 0;
        foreach ((JsonElement schema, JsonElement[] tests) in SchemaCorpus.SuiteGroups(folder))
        {
            // Formats are annotations to the validator; grammars enforce them.
            bool hasIgnored = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("format", out _)
                || SchemaSupport.FindGaps(schema, isArguments: false).Any(gap => gap.IsIgnored);
            foreach (JsonElement test in tests)
            {
                count++;
                string? problem = new SchemaValidator(schema).Find(test.GetProperty("data"));
                if (problem is null != test.GetProperty("valid").GetBoolean() && !hasIgnored)
                {
                    problems.Add($"{schema.GetRawText()}: {test.GetProperty("data").GetRawText()}: {problem ?? "valid"}");
                }
            }
        }

        Assert.True(problems.Count == 0, $"{problems.Count}\n{string.Join('\n', problems.Take(40))}");
        Assert.True(count >= least, $"only {count} tests");
    }
}
