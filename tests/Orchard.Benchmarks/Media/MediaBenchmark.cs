using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using Orchard.TestModels;

namespace Orchard.Benchmarks.Media;

/// <summary>
/// An image is encoded while others decode: the longest time between two of their tokens, beside the usual one. And text after images,
/// beside text from an engine without a projector. The projector has random weights and takes seconds for an image.
/// </summary>
internal static class MediaBenchmark
{
    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 5);
        string[] cases = (arguments.Text("cases") ?? "interference,text").Split(',');
        using var folder = new TemporaryFolder();
        foreach (string name in (arguments.Text("models") ?? "starter,100m").Split(','))
        {
            using ModelUnderTest model = await ModelUnderTest.LoadAsync(name);
            string projector = TinyProjector.WriteSlow(folder.File($"mmproj-{name}.gguf"), model.Model.Header.EmbeddingLength);
            await using EngineUnderTest engine = await EngineUnderTest.StartAsync(
                model, options: new ModelOptions { Projector = projector });
            int images = 0;
            if (cases.Contains("interference"))
            {
                await Interference.MeasureAsync(model, engine, CreateImage, runs, reporter);
            }

            if (cases.Contains("text"))
            {
                await TextAfterImages.MeasureAsync(model, engine, CreateImage, runs, reporter);
            }

            byte[] CreateImage() => TestMedia.Png(336, 336, ++images);
        }
    }
}
