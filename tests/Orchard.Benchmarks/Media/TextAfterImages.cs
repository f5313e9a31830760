using System.Diagnostics;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;

namespace Orchard.Benchmarks.Media;

/// <summary>Text from an engine that has computed images, beside one without a projector.</summary>
internal static class TextAfterImages
{
    private const int Images = 20;
    private const int Streams = 8;
    private const int Tokens = 256;

    public static async Task MeasureAsync(
        ModelUnderTest model, EngineUnderTest engine, Func<byte[]> createImage, int runs, Reporter reporter)
    {
        for (int image = 0; image < Images; image++)
        {
            await engine.StreamAsync(model.CreatePrompt(8), 1, image: createImage());
        }

        await using EngineUnderTest without = await EngineUnderTest.StartAsync(model);
        var pairs = new Pairs();
        for (int run = -1; run < runs; run++)
        {
            byte[][] prompts = [.. Enumerable.Range(0, Streams).Select(_ => model.CreatePrompt(8))];
            if (run < 0)
            {
                await RateAsync(engine, prompts);
                await RateAsync(without, prompts);
            }
            else
            {
                await pairs.AddAsync(() => RateAsync(engine, prompts), () => RateAsync(without, prompts));
            }
        }

        reporter.Add(pairs.ToResult("media", $"{model.Name} text-after-images", "tokens/s"));
    }

    private static async Task<double> RateAsync(EngineUnderTest engine, byte[][] prompts)
    {
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(prompts.Select(prompt => engine.StreamAsync(prompt, Tokens)));
        return prompts.Length * Tokens / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
