using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.SelfTests;
using Orchard.Engine.Native;

namespace Orchard.Engine.Serving.Models;

/// <summary>Creates the decoders of loaded models, and tries out what is best and what is right for each.</summary>
/// <param name="logger">The log.</param>
/// <param name="selfTests">Results of self-tests; null to test each model at each load.</param>
internal sealed class DecoderFactory(ILogger logger, SelfTestCache? selfTests)
{
    /// <summary>
    /// Creates a decoder. Allocates and clears the KV cache, which takes a while if it is large and has to be written.
    /// </summary>
    /// <param name="file">The model's file.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">Sizes and threads.</param>
    /// <exception cref="ModelFileException">The file changed while it was being loaded.</exception>
    /// <exception cref="DecodeException">The KV cache could not be allocated.</exception>
    public TestedDecoder Create(ModelFile file, LlamaModel model, DecoderOptions options)
    {
        var decoder = new LlamaDecoder(model, options);
        try
        {
            ThreadTuner.Tune(decoder, options.MaxThreads, TimeProvider.System);
            if (file.HasChanged)
            {
                throw new ModelFileException(
                    file.Path, $"The model file changed while it was being loaded. {file.Difference} Load it again.");
            }

            bool generates = GeneratesText(model, decoder);
            bool? passed = generates ? TestBatches(file.Path, decoder, options) : null;
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

    /// <summary>Finds out whether the decoder may decode sequences together.</summary>
    private bool TestBatches(string path, LlamaDecoder decoder, DecoderOptions options)
    {
        string configuration = FormattableString.Invariant(
            $"{LlamaLibrary.Load().Version}|{options.KeyType}|{options.ValueType}|{options.UnifiedKeyValueCache}|{options.FlashAttention}")
            + (options.Devices.Length > 0 ? $"|{options.Devices}" : "");
        string? key = selfTests is null ? null : SelfTestCache.KeyOf(path, configuration);
        bool? known = key is null ? null : selfTests!.Find(key);
        long start = TimeProvider.System.GetTimestamp();
        bool passed = known ?? new BatchSelfTest(decoder, TimeProvider.System).Run();
        if (known is null)
        {
            logger.SelfTested(passed ? "passed" : "failed", TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            if (key is not null)
            {
                selfTests!.Store(key, passed);
            }
        }

        if (!passed)
        {
            logger.DecodesApart(Path.GetFileName(path));
            decoder.DecodesApart = true;
        }

        return passed;
    }
}
