using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Engine.Serving.Models;

/// <summary>Loads GGUF models with llama.cpp: the weights, a decoder sized for this machine, and a scheduler.</summary>
internal sealed class LlamaModelLoader(ILogger logger) : IModelLoader
{
    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    public ModelFileFacts Inspect(string path)
    {
        GgufHeader header = GgufHeader.Read(path);
        return new ModelFileFacts(header.Architecture, header.ChatTemplate);
    }

    /// <exception cref="ModelFileException">The file cannot be used.</exception>
    /// <exception cref="DecodeException">The KV cache could not be allocated.</exception>
    /// <exception cref="NativeLibraryException">The llama.cpp libraries cannot be used.</exception>
    public async Task<LoadedModelHandle> LoadAsync(
        string path, bool mapsFile, IProgress<float> progress, CancellationToken cancellationToken)
    {
        var file = ModelFile.Examine(path, mapsFile);
        LlamaModel model = await LlamaModel.LoadAsync(path, mapsFile, progress, cancellationToken).ConfigureAwait(false);
        try
        {
            DecoderOptions options = DecoderOptions.ForThisMachine(model.Header);

            // Allocates and clears the KV cache, which takes a while if it is large.
            LlamaDecoder decoder = await Task.Run(() => CreateDecoder(model, options), cancellationToken).ConfigureAwait(false);
            if (file.HasChanged)
            {
                decoder.Dispose();
                throw new ModelFileException(path, $"The model file changed while it was being loaded. {file.Difference} Load it again.");
            }

            logger.DecoderReady(decoder.SequenceCapacity, decoder.ContextLength, decoder.Threads.SingleToken, decoder.Threads.Batch);
            var handle = new LoadedModelHandle
            {
                Tokenizer = model,
                Scheduler = new BatchScheduler(
                    decoder, model, Path.GetFileNameWithoutExtension(path), new BatchSchedulerOptions { Speculates = options.Speculates }),
                VocabularySize = model.VocabularySize,
                Adapters = new LlamaAdapters(model),
                Embedder = new LlamaEmbedder(model, options.Threads),
                GeneratesText = decoder.HasMemory && model.Header.Pooling is not Pooling.Rank,
                File = file,
                Description = Describe(model, decoder),
                PrepareGrammars = () => _ = model.Vocabulary,
                Owner = model,
            };
            handle.WarmUp();
            return handle;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static LlamaDecoder CreateDecoder(LlamaModel model, DecoderOptions options)
    {
        var decoder = new LlamaDecoder(model, options);
        try
        {
            ThreadTuner.Tune(decoder, options.MaxThreads, TimeProvider.System);
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    private static LoadedModel Describe(LlamaModel model, LlamaDecoder decoder)
    {
        long cacheBytes = model.Header.KeyValueBytesPerToken * decoder.ContextLength * decoder.SequenceCapacity;
        IReadOnlyDictionary<string, string> templates = model.Header.ChatTemplates;
        return new LoadedModel
        {
            MinimumMemoryBytes = (ulong)(model.FileBytes + cacheBytes),
            Facts = new ModelFacts
            {
                Architecture = model.Architecture,
                ParameterCount = model.ParameterCount,
                ContextLength = decoder.ContextLength,
                FileBytes = model.FileBytes,
                ChatTemplate = model.ChatTemplate,
                BeginToken = model.BeginText,
                EndToken = model.EndText,
                ControlTokens = model.ControlTexts,
                ChatTemplates = templates.Count == 0 ? null : templates.ToDictionary(StringComparer.Ordinal),
                SpecialTokens = model.SpecialTexts.Count == 0 ? null : model.SpecialTexts,
                Sampling = model.Header.Sampling.Count == 0 ? null : model.Header.Sampling.ToDictionary(StringComparer.Ordinal),
                Quantization = model.Header.Quantization,
                TrainedContextLength = model.ContextLength > 0 ? model.ContextLength : null,
                EmbeddingLength = model.Header.EmbeddingLength > 0 ? model.Header.EmbeddingLength : null,
                Pooling = model.Header.Pooling?.ToString().ToLowerInvariant(),
            },
        };
    }
}
