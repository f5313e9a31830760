using System.Diagnostics;
using System.Text;
using Orchard.Benchmarks.Models;

namespace Orchard.Benchmarks.Throughput;

/// <summary>An answer, and how fast it came once it had begun.</summary>
internal readonly record struct TimedAnswer(string Text, int Tokens, int Deltas, double TokensPerSecond)
{
    /// <param name="engine">The engine.</param>
    /// <param name="model">Its model.</param>
    /// <param name="prompt">What is asked.</param>
    /// <param name="options">How.</param>
    /// <param name="skip">Characters of the answer that are not timed; its first piece never is, since it takes the prompt's time.</param>
    public static async Task<TimedAnswer> AskAsync(EngineUnderTest engine, ModelUnderTest model, string prompt, GenerationOptions options, int skip = 0)
    {
        var text = new StringBuilder();
        long start = 0;
        int skipped = 0;
        int deltas = 0;
        int tokens = 0;
        await foreach (ChatDelta delta in engine.Client.ChatStreamAsync(model.Path, prompt, options))
        {
            text.Append(delta.Text);
            deltas += delta.Text.Length > 0 ? 1 : 0;
            tokens = delta.Usage?.CompletionTokens ?? tokens;
            if (start == 0 && text.Length > skip)
            {
                (start, skipped) = (Stopwatch.GetTimestamp(), text.Length);
            }
        }

        double timed = (double)(text.Length - skipped) / text.Length * tokens;
        return new TimedAnswer(text.ToString(), tokens, deltas, timed / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
