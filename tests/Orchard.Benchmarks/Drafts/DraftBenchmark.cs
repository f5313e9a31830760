using System.Globalization;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using Orchard.TestModels;

namespace Orchard.Benchmarks.Drafts;

/// <summary>
/// Answers with a draft model, beside an engine without one, in turns: tokens per second. The model of 135 million parameters recites a text
/// that repeats nothing, and its draft model of 9 million knows a share of it. The starter model drafts for itself, which cannot pay. Both
/// engines must say the same.
/// </summary>
internal static class DraftBenchmark
{
    private const string Name = "draft";
    private const int Tokens = 200;

    private static readonly Shape Small = new(128, 4, Shape.HundredMillion.Vocabulary);

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 9);
        string[] cases = (arguments.Text("cases") ?? "70,95,0,starter").Split(',');
        foreach (string name in cases)
        {
            bool isStarter = name == "starter";
            using ModelUnderTest model = await ModelUnderTest.LoadAsync(
                isStarter ? name : ReciterModel.Ensure(Shape.HundredMillion, ReciterModel.LongLength));
            string draft = isStarter ? model.Path : ReciterModel.Ensure(Small, ReciterModel.LongLength, int.Parse(name, CultureInfo.InvariantCulture));
            if (arguments.Has("limit"))
            {
                using ModelUnderTest small = await ModelUnderTest.LoadAsync(draft);
                DraftLimit.Print(model, small, isStarter ? 0.99 : int.Parse(name, CultureInfo.InvariantCulture) / 100.0);
                continue;
            }

            await using EngineUnderTest drafting = await EngineUnderTest.StartAsync(model, options: new ModelOptions { DraftModel = draft });
            await using EngineUnderTest plain = await EngineUnderTest.StartAsync(model);
            foreach (int streams in (int[])[1, 8])
            {
                await RunAsync($"draft-{name}-{streams}", drafting, plain, model, streams, runs, reporter);
            }
        }
    }

    private static async Task RunAsync(
        string name, EngineUnderTest drafting, EngineUnderTest plain, ModelUnderTest model, int streams, int runs, Reporter reporter)
    {
        var options = new GenerationOptions { MaxOutputTokens = Tokens, Temperature = 0 };
        string[] prompts = [.. Enumerable.Range(0, streams).Select(static i => $"Give me a detailed description of storm {i}.")];
        TimedAnswers answers = await TimedAnswers.AskAsync(drafting, model, prompts, options);
        TimedAnswers expected = await TimedAnswers.AskAsync(plain, model, prompts, options);
        BenchmarkException.ThrowUnless(
            answers.Texts.SequenceEqual(expected.Texts), $"With drafts the engine says '{answers.Texts[0]}', without '{expected.Texts[0]}'.");
        var pairs = new Pairs();
        for (int run = 0; run < runs; run++)
        {
            await pairs.AddAsync(
                async () => (await TimedAnswers.AskAsync(drafting, model, prompts, options)).TokensPerSecond,
                async () => (await TimedAnswers.AskAsync(plain, model, prompts, options)).TokensPerSecond);
        }

        reporter.Add(pairs.ToResult(Name, name, "tokens/s"));
    }
}
