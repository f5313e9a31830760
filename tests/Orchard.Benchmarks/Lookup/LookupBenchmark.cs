using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;

namespace Orchard.Benchmarks.Lookup;

/// <summary>
/// Answers that repeat what was there before: tokens per second with guesses from the text so far, beside those of an engine that does
/// not guess, in turns. Both must say the same. Short answers are asked for several times in each turn. A process can be faster than another
/// by where the system has put its threads and memory, so that the engines are started several times.
/// </summary>
internal static class LookupBenchmark
{
    private const string Name = "lookup";
    private const int TokensPerTurn = 300;
    private const int Starts = 3;

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
        var pairs = cases.ToDictionary(static entry => entry.Case, static _ => new Pairs());
        var notes = new Dictionary<string, string>();
        for (int start = 0; start < Starts; start++)
        {
            await using EngineUnderTest guessing = await EngineUnderTest.StartAsync(model);
            await using EngineUnderTest plain = await EngineUnderTest.StartAsync(model, speculates: false);
            foreach ((string name, _, string prompt, int tokens, int skip) in cases)
            {
                var options = new GenerationOptions { MaxOutputTokens = tokens, Temperature = 0 };
                TimedAnswer answer = await TimedAnswer.AskAsync(guessing, model, prompt, options, skip);
                TimedAnswer expected = await TimedAnswer.AskAsync(plain, model, prompt, options, skip);
                BenchmarkException.ThrowUnless(answer.Text == expected.Text, $"With guesses the engine says '{answer.Text}', without '{expected.Text}'.");
                notes[name] = $"{answer.Tokens} tokens in {answer.Deltas} pieces: {answer.Text.ReplaceLineEndings(" ")}";
                for (int run = start; run < runs; run += Starts)
                {
                    await pairs[name].AddAsync(() => AskAsync(guessing), () => AskAsync(plain));
                }

                async Task<double> AskAsync(EngineUnderTest engine)
                {
                    double seconds = 0;
                    int asked = 0;
                    for (int count = 0; count < TokensPerTurn; count += answer.Tokens, asked++)
                    {
                        seconds += 1 / (await TimedAnswer.AskAsync(engine, model, prompt, options, skip)).TokensPerSecond;
                    }

                    return asked / seconds;
                }
            }
        }

        foreach ((string name, Pairs pair) in pairs)
        {
            Reporter.Note($"{name}: {notes[name]}");
            reporter.Add(pair.ToResult(Name, name, "tokens/s"));
        }
    }
}
