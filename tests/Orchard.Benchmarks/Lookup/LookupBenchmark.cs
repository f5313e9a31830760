using System.Diagnostics;
using System.Text;
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
    private const int Tokens = 200;

    private static readonly (string Case, string Prompt)[] Cases =
    [
        ("lookup-echo", $"Repeat: {string.Join(' ', Enumerable.Repeat("one two three four five six seven eight nine ten", 6))}"),
        ("lookup-json", $"Repeat: {string.Join(", ", Enumerable.Range(1, 9).Select(static i => $$"""{"id": {{i}}, "ok": true}"""))}"),
        ("lookup-prose", "Give me a detailed description of a storm."),
    ];

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 9);
        using ModelUnderTest model = await ModelUnderTest.LoadAsync(arguments.Text("model") ?? "starter");
        await using EngineUnderTest guessing = await EngineUnderTest.StartAsync(model);
        await using EngineUnderTest plain = await EngineUnderTest.StartAsync(model, speculates: false);
        foreach ((string name, string prompt) in Cases)
        {
            var rates = new List<double>();
            var limits = new List<double>();
            Answer answer = default;
            for (int run = -1; run < runs; run++)
            {
                answer = await AskAsync(guessing, model, prompt);
                Answer expected = await AskAsync(plain, model, prompt);
                BenchmarkException.ThrowUnless(answer.Text == expected.Text, $"With guesses the engine says '{answer.Text}', without '{expected.Text}'.");
                if (run >= 0)
                {
                    rates.Add(answer.TokensPerSecond);
                    limits.Add(expected.TokensPerSecond);
                }
            }

            Reporter.Note($"{name}: {answer.Tokens} tokens in {answer.Deltas} steps that said something: {answer.Text.ReplaceLineEndings(" ")}");
            reporter.Add(new Result(Name, name, Median(rates), "tokens/s", Median(limits), runs));
        }
    }

    // From the first token on: what came before it is the prompt's.
    private static async Task<Answer> AskAsync(EngineUnderTest engine, ModelUnderTest model, string prompt)
    {
        var text = new StringBuilder();
        long first = 0;
        int deltas = 0;
        int tokens = 0;
        await foreach (ChatDelta delta in engine.Client.ChatStreamAsync(model.Path, prompt, new GenerationOptions { MaxTokens = Tokens }))
        {
            first = first == 0 ? Stopwatch.GetTimestamp() : first;
            text.Append(delta.Text);
            deltas += delta.Text.Length > 0 ? 1 : 0;
            tokens = delta.Usage?.CompletionTokens ?? tokens;
        }

        return new Answer(text.ToString(), tokens, deltas, (tokens - 1) / Stopwatch.GetElapsedTime(first).TotalSeconds);
    }

    private readonly record struct Answer(string Text, int Tokens, int Deltas, double TokensPerSecond);
}
