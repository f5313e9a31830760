using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Trials;

namespace Orchard.Engine.Serving.Models;

/// <summary>Creates the decoders of loaded models, each set up as trials of its model showed to be best and right.</summary>
/// <param name="trials">The trials.</param>
/// <param name="logger">The log.</param>
internal sealed class DecoderFactory(ModelTrials trials, ILogger logger)
{
    /// <summary>
    /// Creates a decoder. Allocates and clears the KV cache, which takes a while if it is large and has to be written.
    /// </summary>
    /// <param name="file">The model's file.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">Sizes and threads.</param>
    /// <param name="load">How long the model has been loading.</param>
    /// <exception cref="ModelFileException">The file changed while it was being loaded.</exception>
    /// <exception cref="DecodeException">The KV cache could not be allocated.</exception>
    public TestedDecoder Create(ModelFile file, LlamaModel model, DecoderOptions options, TimeSpan load)
    {
        var decoder = new LlamaDecoder(model, options);
        try
        {
            trials.ChooseThreads(file.Path, decoder, options, load);
            if (file.HasChanged)
            {
                throw new ModelFileException(
                    file.Path, $"The model file changed while it was being loaded. {file.Difference} Load it again.");
            }

            bool generates = GeneratesText(model, decoder);
            bool? passed = generates ? MayBatch(file.Path, decoder, options) : null;
            decoder.Clear(); // threads and batches were tried out with several sequences, which nobody may use for long
            return new TestedDecoder(decoder, generates, passed);
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    private static bool GeneratesText(LlamaModel model, LlamaDecoder decoder) =>
        decoder.HasMemory
        && model.Header.IsCausal
        && model.Header.Pooling is not Pooling.Rank
        && ArchitectureLimits.CanGenerate(model.Architecture);

    private bool MayBatch(string path, LlamaDecoder decoder, DecoderOptions options)
    {
        bool passed = trials.MayBatch(path, decoder, options);
        if (!passed)
        {
            logger.DecodesApart(Path.GetFileName(path));
            decoder.DecodesApart = true;
        }

        return passed;
    }
}
