using System.Text.Json;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Tests.Inference;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Tests;

namespace Orchard.Engine.Tests.Grammars;

/// <summary>
/// Everything the model generates for a schema is valid, by the verdict of an independent validator. Samples from every 20th schema; from
/// all of them, with twenty samples each, if ORCHARD_SCHEMAS is <c>all</c>.
/// </summary>
public sealed class SchemaSamplingTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private const int MaxTokens = 300;
    private static readonly bool All = Environment.GetEnvironmentVariable("ORCHARD_SCHEMAS") == "all";
    private static readonly int Samples = All ? 20 : 3;

    [Fact]
    public async Task OwnSchemas_AreSampledValid()
    {
        await using SchemaOracle oracle = await SchemaOracle.StartAsync();
        using LlamaDecoder decoder = CreateDecoder();
        var report = new Report();
        int index = 0;
        foreach ((JsonElement schema, _) in SchemaCorpus.OwnSchemas())
        {
            if (Compile(schema, report) is { } grammar && (All || index % 20 == 0))
            {
                await SampleAsync(decoder, oracle, schema, grammar, report);
            }

            index++;
        }

        report.Check("own");
    }

    [Fact]
    public async Task PublicSuite_IsSampledValid()
    {
        string folder = SchemaCorpus.RequirePublicSuite();
        await using SchemaOracle oracle = await SchemaOracle.StartAsync();
        using LlamaDecoder decoder = CreateDecoder();
        var report = new Report();
        int index = 0;
        foreach ((JsonElement schema, _) in SchemaCorpus.SuiteGroups(folder))
        {
            if (Compile(schema, report) is { } grammar && (All || index++ % 20 == 0))
            {
                await SampleAsync(decoder, oracle, schema, grammar, report);
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
            Grammar? grammar = Compile(document.RootElement, report);
            Assert.True(grammar is not null, "refused");
            await SampleAsync(decoder, oracle, document.RootElement, grammar, report);
        }

        report.Check("deep and large");
        Assert.Equal(2, report.Sampled);
    }

    private static Grammar? Compile(JsonElement schema, Report report)
    {
        (Grammar? grammar, _) = SchemaCorpus.Compile(schema);
        report.Refused += grammar is null ? 1 : 0;
        return grammar;
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
