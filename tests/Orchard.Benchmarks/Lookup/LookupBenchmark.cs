using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Lookup;

/// <summary>
/// Answers that repeat what was there before: tokens per second with guesses from the text so far, beside those of an engine that does
/// not guess, in turns. Both must say the same.
/// </summary>
internal static class LookupBenchmark
{
    private const string Name = "lookup";

    private static readonly (string Case, string Model, string Prompt, int Tokens, int Skip)[] Cases =
    [
        // Its text has 200 tokens of five characters: from the second time on it says nothing new.
        ("lookup-echo", "reciter", "Go", 3 * ReciterModel.Length, 5 * ReciterModel.Length),
        ("lookup-starter-echo", "starter", $"Repeat: {string.Join(' ', Enumerable.Repeat("one two three four five six seven eight nine ten", 6))}", 200, 0),
        ("lookup-starter-json", "starter", $"Repeat: {string.Join(", ", Enumerable.Range(1, 9).Select(static i => $$"""{"id": {{i}}, "ok": true}"""))}", 200, 0),
        ("lookup-starter-prose", "starter", "Give me a detailed description of a storm.", 200, 0),
    ];

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 9);
        string[] models = (arguments.Text("models") ?? "reciter,starter").Split(',');
        foreach (IGrouping<string, (string Case, string Model, string Prompt, int Tokens, int Skip)> cases in Cases.GroupBy(static entry => entry.Model))
        {
            if (models.Contains(cases.Key))
            {
                await RunAsync(cases, runs, reporter);
            }
        }
    }

    private static async Task RunAsync(
        IGrouping<string, (string Case, string Model, string Prompt, int Tokens, int Skip)> cases, int runs, Reporter reporter)
    {
        using ModelUnderTest model = await ModelUnderTest.LoadAsync(cases.Key);
        await using EngineUnderTest guessing = await EngineUnderTest.StartAsync(model);
        await using EngineUnderTest plain = await EngineUnderTest.StartAsync(model, speculates: false);
        foreach ((string name, _, string prompt, int tokens, int skip) in cases)
        {
            var options = new GenerationOptions { MaxOutputTokens = tokens, Temperature = 0 };
            var rates = new List<double>();
            var limits = new List<double>();
            TimedAnswer answer = default;
            for (int run = -1; run < runs; run++)
            {
                answer = await TimedAnswer.AskAsync(guessing, model, prompt, options, skip);
                TimedAnswer expected = await TimedAnswer.AskAsync(plain, model, prompt, options, skip);
                BenchmarkException.ThrowUnless(answer.Text == expected.Text, $"With guesses the engine says '{answer.Text}', without '{expected.Text}'.");
                if (run >= 0)
                {
                    rates.Add(answer.TokensPerSecond);
                    limits.Add(expected.TokensPerSecond);
                }
            }

            Reporter.Note($"{name}: {answer.Tokens} tokens in {answer.Deltas} pieces: {answer.Text.ReplaceLineEndings(" ")}");
            reporter.Add(new Result(Name, name, Median(rates), "tokens/s", Median(limits), runs));
        }
    }
}
