using System.Diagnostics;
using Orchard.Benchmarks.Models;

namespace Orchard.Benchmarks.Throughput;

/// <summary>Answers of several streams at once, and how fast they came between the first piece of any and the end of the last.</summary>
internal readonly record struct TimedAnswers(IReadOnlyList<string> Texts, int Tokens, double TokensPerSecond)
{
    /// <param name="engine">The engine.</param>
    /// <param name="model">Its model.</param>
    /// <param name="prompts">What is asked, one for each stream.</param>
    /// <param name="options">How.</param>
    public static async Task<TimedAnswers> AskAsync(
        EngineUnderTest engine, ModelUnderTest model, IReadOnlyList<string> prompts, GenerationOptions options)
    {
        long start = 0;
        string first = "";
        (string Text, int Tokens)[] answers = await Task.WhenAll(prompts.Select(AskAsync));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        int tokens = answers.Sum(static answer => answer.Tokens);

        // The first piece takes the time of its prompt.
        double timed = tokens * (1 - ((double)first.Length / answers.Sum(static answer => answer.Text.Length)));
        return new TimedAnswers([.. answers.Select(static answer => answer.Text)], tokens, timed / elapsed.TotalSeconds);

        async Task<(string Text, int Tokens)> AskAsync(string prompt)
        {
            string text = "";
            int tokens = 0;
            await foreach (ChatDelta delta in engine.Client.ChatStreamAsync(model.Path, prompt, options))
            {
                text += delta.Text;
                if (delta.Text.Length > 0 && Interlocked.CompareExchange(ref start, Stopwatch.GetTimestamp(), 0) == 0)
                {
                    first = delta.Text;
                }

                tokens = delta.Usage?.CompletionTokens ?? tokens;
            }

            return (text, tokens);
        }
    }
}
