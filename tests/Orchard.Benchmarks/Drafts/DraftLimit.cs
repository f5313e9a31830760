using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Orchard.Benchmarks.Models;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Drafts;

/// <summary>
/// What a draft model could save at best with a single stream: from the durations of decodes of both models in this process, and of the
/// choice of a token.
/// </summary>
internal static class DraftLimit
{
    private const int Prompt = 100;
    private const int Most = 15; // drafted tokens
    private const int Repetitions = 9;

    /// <summary>Measures both models, and prints durations and limits.</summary>
    /// <param name="model">The model.</param>
    /// <param name="draft">Its draft model.</param>
    /// <param name="agreement">The share of tokens about which they agree.</param>
    public static void Print(ModelUnderTest model, ModelUnderTest draft, double agreement)
    {
        int threads = DecoderPlan.ForThisMachine(model.Model.Header).Threads;
        double[] verify = Measure(model.Model, threads, Enumerable.Range(1, Most + 1));
        int draftThreads = DecoderPlan.ForThisMachine(draft.Model.Header).Threads;
        double step = Measure(draft.Model, draftThreads, [1])[0];
        Reporter.Note($"decodes of 1 to {verify.Length} tokens with {threads} threads: {Join(verify)} ms");
        Reporter.Note($"step of the draft model and choice of a token, {draftThreads} threads: {Join([step])} ms; "
            + $"2 threads: {Join(Measure(draft.Model, 2, [1]))} ms; 2 tokens: {Join(Measure(draft.Model, draftThreads, [2]))} ms");
        (double blind, int length) = BestOfBlind(verify, step, agreement);
        Reporter.Note(string.Create(
            CultureInfo.InvariantCulture, $"limit at {agreement:P0}, always {length} tokens: {blind:0.00}"));
        (double knowing, int most, int least) = BestOfKnowing(verify, step, agreement);
        Reporter.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"limit if the draft model knows what it does not know, {least} to {most} tokens: {knowing:0.00}"));
    }

    private static (double Ratio, int Length) BestOfBlind(double[] verify, double step, double agreement) =>
        Enumerable.Range(1, Most).Max(length =>
            ((1 - Math.Pow(agreement, length + 1)) / (1 - agreement) * verify[0] / (verify[length] + (length * step)), length));

    // Drafts end before the first wrong token. Those of fewer than a least number of tokens are not verified.
    private static (double Ratio, int Most, int Least) BestOfKnowing(double[] verify, double step, double agreement)
    {
        var ratios = from most in Enumerable.Range(1, Most)
                     from least in Enumerable.Range(1, most)
                     select (Ratio(most, least), most, least);
        return ratios.Max();

        double Ratio(int most, int least)
        {
            double tokens = 0;
            double time = 0;
            for (int right = 0; right <= most; right++)
            {
                double chance = Math.Pow(agreement, right) * (right < most ? 1 - agreement : 1);
                double drafting = Math.Min(right + 1, most) * step;
                tokens += chance * (right + 1);
                time += chance * (right < least ? (right + 1) * verify[0] : verify[right]);
                time += chance * drafting;
            }

            return tokens * verify[0] / time;
        }
    }

    private static double[] Measure(LlamaModel model, int threads, IEnumerable<int> counts)
    {
        var options = new DecoderOptions { SequenceCapacity = 1, ContextLength = 256, Threads = threads, BindsThreads = threads > 1 };
        using var decoder = new LlamaDecoder(model, options with { FlashAttention = DecoderPlan.ForThisMachine(model.Header).FlashAttention });
        decoder.Decode(Tokens(0, Prompt));
        int[] all = [.. counts];
        List<double>[] times = [.. all.Select(static _ => new List<double>())];
        for (int repetition = -2; repetition < Repetitions; repetition++)
        {
            for (int i = 0; i < all.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                decoder.Decode(Tokens(Prompt, all[i]));
                for (int token = 0; token < all[i]; token++)
                {
                    _ = TensorPrimitives.IndexOfMax(decoder.GetLogits(token));
                }

                double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                decoder.TrimSequence(0, Prompt);
                if (repetition >= 0)
                {
                    times[i].Add(elapsed);
                }
            }
        }

        decoder.UnbindThread();
        return [.. times.Select(Median)];
    }

    private static BatchToken[] Tokens(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => new BatchToken(i % 100, i, 0, NeedsLogits: from > 0))];

    private static string Join(IEnumerable<double> times) =>
        string.Join(' ', times.Select(static time => time.ToString("0.00", CultureInfo.InvariantCulture)));
}
