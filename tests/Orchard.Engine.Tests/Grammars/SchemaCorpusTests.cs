using System.Text;
using System.Text.Json;
using Orchard.Engine.Inference;
using Orchard.Engine.Tests.Inference;
using Orchard.Grammars;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Tests;

namespace Orchard.Engine.Tests.Grammars;

/// <summary>
/// Every schema is refused, or everything the model writes for it is valid. A part of them each time; all of them, with twenty samples
/// each, when ORCHARD_SCHEMAS is <c>all</c>.
/// </summary>
public sealed class SchemaCorpusTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private const int MaxTokens = 300;
    private static readonly bool All = Environment.GetEnvironmentVariable("ORCHARD_SCHEMAS") == "all";
    private static readonly int Samples = All ? 20 : 3;

    [Fact]
    public async Task OwnSchemas_AreRefusedAsExpectedOrSampledValid()
    {
        await using SchemaOracle oracle = await SchemaOracle.StartAsync();
        using LlamaDecoder decoder = CreateDecoder();
        var report = new Report();
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(SchemaOracle.Data, "schemas.jsonl"), TestContext.Current.CancellationToken);
        Assert.True(lines.Length >= 300);
        for (int i = 0; i < lines.Length; i++)
        {
            using var line = JsonDocument.Parse(lines[i], new JsonDocumentOptions { MaxDepth = 2048 });
            JsonElement schema = line.RootElement.GetProperty("schema");
            string? expected = line.RootElement.TryGetProperty("refused", out JsonElement refused) ? refused.GetString() : null;
            (Grammar? grammar, string? keyword) = Compile(schema, report);
            if (keyword != expected)
            {
                report.Problems.Add($"{schema.GetRawText()}: refused for '{keyword}', expected '{expected}'");
            }

            if (grammar is not null && (All || i % 20 == 0))
            {
                await SampleAsync(decoder, oracle, schema, grammar, report);
            }
        }

        report.Check("own");
    }

    [Fact]
    public async Task PublicSuite_NothingInvalidIsEverPossible()
    {
        string? folder = PublicSuite();
        Assert.SkipWhen(folder is null, "There is no ../shared/data/json-schema-test-suite beside the repository.");
        await using SchemaOracle oracle = await SchemaOracle.StartAsync();
        using LlamaDecoder decoder = CreateDecoder();
        var report = new Report();
        int index = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            foreach (JsonElement group in document.RootElement.EnumerateArray())
            {
                JsonElement schema = group.GetProperty("schema");
                (Grammar? grammar, _) = Compile(schema, report);
                if (grammar is null)
                {
                    continue;
                }

                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray().Where(test => !test.GetProperty("valid").GetBoolean()))
                {
                    // The suite asks some of its formats and content keywords to be no more than remarks; invalid is invalid all the same.
                    string text = JsonGrammar.Write(test.GetProperty("data"));
                    if (grammar.Matches(text))
                    {
                        report.Problems.Add($"{schema.GetRawText()}: lets {text} pass");
                    }
                }

                if (All || index++ % 20 == 0)
                {
                    await SampleAsync(decoder, oracle, schema, grammar, report);
                }
            }
        }

        report.Check("public");
    }

    [Fact]
    public async Task DeepAndLargeSchemas_Finish()
    {
        string deep = """{"type":"integer"}""";
        for (int i = 0; i < 50; i++)
        {
            deep = $$$"""{"type":"object","properties":{"d":{{{deep}}}},"required":["d"],"additionalProperties":false}""";
        }

        string properties = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"property_{i}\":{{\"type\":\"integer\"}}"));
        string large = $"{{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{{{properties}}}}}";
        await using SchemaOracle oracle = await SchemaOracle.StartAsync();
        using LlamaDecoder decoder = CreateDecoder();
        var report = new Report();
        foreach (string text in (string[])[deep, large])
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 512 });
            (Grammar? grammar, string? keyword) = Compile(document.RootElement, report);
            Assert.True(grammar is not null, $"refused for '{keyword}'");
            await SampleAsync(decoder, oracle, document.RootElement, grammar, report);
        }

        report.Check("deep and large");
        Assert.Equal(2, report.Sampled);
    }

    private static (Grammar? Grammar, string? RefusedKeyword) Compile(JsonElement schema, Report report)
    {
        try
        {
            GrammarNode texts = SchemaCompiler.Compile(schema);
            return (Grammar.Compile(texts), null);
        }
        catch (SchemaException e)
        {
            report.Refused++;
            return (null, e.Keyword ?? "");
        }
        catch (GrammarException)
        {
            report.Refused++;
            return (null, "");
        }
    }

    private LlamaDecoder CreateDecoder() => starter.CreateDecoder(new() { SequenceCapacity = Samples, ContextLength = 512, BatchCapacity = 128 });

    private async Task SampleAsync(LlamaDecoder decoder, SchemaOracle oracle, JsonElement schema, Grammar grammar, Report report)
    {
        (IReadOnlyList<string> texts, int cut) = GrammarSampling.Sample(starter, decoder, grammar, Samples, MaxTokens);
        report.Cut += cut;
        report.Sampled++;
        report.Outputs += texts.Count;
        report.Problems.AddRange((await oracle.FindProblemsAsync(schema, texts)).Select(problem => $"{schema.GetRawText()}: {problem}"));
    }

    private static string? PublicSuite()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data", "json-schema-test-suite");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private sealed class Report
    {
        public int Refused { get; set; }

        public int Sampled { get; set; }

        public int Outputs { get; set; }

        public int Cut { get; set; }

        public List<string> Problems { get; } = [];

        public void Check(string name)
        {
            string counts = $"{name}: {Refused} refused, {Sampled} sampled, {Outputs} outputs, {Cut} cut by the token limit, {Problems.Count} problems";
            TestContext.Current.SendDiagnosticMessage(counts);
            TestContext.Current.TestOutputHelper?.WriteLine(counts);
            Assert.True(Problems.Count == 0, $"{counts}\n{string.Join('\n', Problems.Take(60))}");
            Assert.True(Sampled > 0 && Outputs > 0, counts);
        }
    }
}
