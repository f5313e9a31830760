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
    /// Creates a decoder, and reads the model's vocabulary at the same time. Allocates and clears the KV cache, which takes a while if it
    /// is large and has to be written.
    /// </summary>
    /// <param name="file">The model's file.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">Sizes and threads.</param>
    /// <param name="phases">How long the model has been loading. Gets what is done here.</param>
    /// <exception cref="ModelFileException">The file changed while it was being loaded.</exception>
    /// <exception cref="DecodeException">The KV cache could not be allocated.</exception>
    public async Task<TestedDecoder> CreateAsync(ModelFile file, LlamaModel model, DecoderOptions options, LoadPhases phases)
    {
        Task reading = Task.Run(model.ReadVocabulary);
        LlamaDecoder decoder;
        try
        {
            decoder = await Task.Run(() => new LlamaDecoder(model, options)).ConfigureAwait(false);
        }
        catch
        {
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        try
        {
            await reading.ConfigureAwait(false);
            phases.End("KV cache and vocabulary");
            return await Task.Run(() => TryOut(file, model, decoder, options, phases)).ConfigureAwait(false);
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    private TestedDecoder TryOut(ModelFile file, LlamaModel model, LlamaDecoder decoder, DecoderOptions options, LoadPhases phases)
    {
        trials.ChooseThreads(model, decoder, options, phases.Elapsed);
        phases.End("threads");
        if (file.HasChanged)
        {
            throw new ModelFileException(file.Path, $"The model file changed while it was being loaded. {file.Difference} Load it again.");
        }

        bool generates = GeneratesText(model, decoder);
        bool? passed = generates ? MayBatch(file.Path, model, decoder, options) : null;
        phases.End("self-test");
        decoder.Clear(); // threads and batches were tried out with several sequences, which nobody may use for long
        return new TestedDecoder(decoder, generates, passed);
    }

    private static bool GeneratesText(LlamaModel model, LlamaDecoder decoder) =>
        decoder.HasMemory
        && model.Header.IsCausal
        && model.Header.Pooling is not Pooling.Rank
        && ArchitectureLimits.CanGenerate(model.Architecture);

    private bool MayBatch(string path, LlamaModel model, LlamaDecoder decoder, DecoderOptions options)
    {
        bool passed = trials.MayBatch(model, decoder, options);
        if (!passed)
        {
            logger.DecodesApart(Path.GetFileName(path));
            decoder.DecodesApart = true;
        }

        return passed;
    }
}
