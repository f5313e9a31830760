using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Devices;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;

namespace Orchard.Engine.Serving.Models;

/// <summary>The draft model with which a model is to be loaded, if there is one.</summary>
/// <param name="header">The header of its file.</param>
/// <param name="model">The header of the model for which it drafts.</param>
/// <param name="settings">How that model is to be loaded.</param>
internal sealed class DraftPlan(GgufHeader header, GgufHeader model, ModelSettings settings)
{
    // Models of one family often differ in the number of tokens that only fill up the vocabulary.
    private const int MaxPadding = 128;

    private readonly ModelSettings _settings = settings with
    {
        DraftModel = null,
        Projector = ModelSettings.NoProjector,
        Rope = default,
        ContextLength = null,
    };

    /// <summary>Finds the draft model of a model.</summary>
    /// <returns>Null if the settings name none.</returns>
    /// <exception cref="DraftModelException">The file is not a model that can draft.</exception>
    public static DraftPlan? Of(GgufHeader model, ModelSettings settings)
    {
        if (settings.DraftModel is not { } path)
        {
            return null;
        }

        try
        {
            GgufHeader header = GgufHeader.Read(ModelFileLocator.Locate(path));
            return header.IsCausal && ArchitectureLimits.CanGenerate(header.Architecture)
                ? new DraftPlan(header, model, settings)
                : throw new DraftModelException(
                    $"The draft model '{path}' (architecture '{header.Architecture}') does not generate text. Use a small model of the "
                    + $"same family as '{model.Path}'.");
        }
        catch (Exception e) when (e is ModelFileException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DraftModelException($"The draft model '{path}' cannot be used. {e.Message}", e);
        }
    }

    /// <summary>Absolute path of the file.</summary>
    public string Path => header.Path;

    /// <summary>Size relative to the other model.</summary>
    public double RelativeSize => (double)header.TotalBytes / Math.Max(model.TotalBytes, 1);

    /// <summary>Bytes of the weights, the buffers, and the KV cache for a number of tokens.</summary>
    public long BytesFor(long tokens) => Sizes.FixedBytes + Sizes.CacheBytes(tokens);

    /// <summary>Bytes of the KV cache for a number of tokens.</summary>
    public long CacheBytes(long tokens) => Sizes.CacheBytes(tokens);

    private DecoderPlan Sizes => new(header, _settings, Machine.Current());

    /// <summary>Loads the model.</summary>
    /// <param name="target">The model for which it drafts.</param>
    /// <param name="devices">Where the layers of that model are; null if the library has decided that.</param>
    /// <param name="cancellationToken">Aborts the load.</param>
    /// <exception cref="DraftModelException">The file cannot be loaded, or the models do not fit together.</exception>
    public async Task<LlamaModel> LoadAsync(LlamaModel target, DevicePlan? devices, CancellationToken cancellationToken)
    {
        LlamaModel draft;
        try
        {
            // Beside a model on GPUs, the library puts all of it there.
            DevicePlan? place = devices is { IsOnHost: true } ? devices : null;
            ModelSettings settings = devices is { IsOnHost: false } ? _settings with { GpuLayers = -1 } : _settings;
            draft = await LlamaModel.LoadAsync(header.Path, settings, null, cancellationToken, place).ConfigureAwait(false);
        }
        catch (ModelFileException e)
        {
            throw new DraftModelException($"The draft model '{header.Path}' cannot be used. {e.Message}", e);
        }

        try
        {
            ThrowIfUnfit(draft, target);
            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <summary>Creates the decoder, with as many slots as the other one has.</summary>
    /// <param name="draft">The loaded model.</param>
    /// <param name="options">The sizes of the other decoder.</param>
    /// <exception cref="DecodeException">The KV cache could not be allocated.</exception>
    public LlamaDecoder CreateDecoder(LlamaModel draft, DecoderOptions options)
    {
        int context = Math.Min(options.ContextLength, Math.Max(Sizes.LongestContext, 1));
        DecoderOptions own = Sizes.Within(long.MaxValue / 4) with
        {
            SequenceCapacity = options.SequenceCapacity,
            ContextLength = context,
            TokenCapacity = null,
            BatchCapacity = options.BatchCapacity,
        };
        return new LlamaDecoder(draft, own with { InitialContextLength = Math.Min(own.InitialContextLength ?? context, context) });
    }

    private static void ThrowIfUnfit(LlamaModel draft, LlamaModel target)
    {
        string names = $"The model '{draft.Header.Path}' cannot draft for '{target.Header.Path}'";
        if (target.Handle.IsRecurrent || draft.Handle.IsRecurrent)
        {
            LlamaModel recurrent = target.Handle.IsRecurrent ? target : draft;
            throw new DraftModelException(
                $"{names}: the state of '{recurrent.Header.Path}' (architecture '{recurrent.Architecture}') cannot be rewound to where a "
                + "draft was wrong. Load the model without DraftModel.");
        }

        if (DifferenceOf(draft, target) is { } difference)
        {
            throw new DraftModelException(
                $"{names}, because they have different vocabularies: {difference}. Use a smaller model of the same family.");
        }
    }

    private static string? DifferenceOf(LlamaModel draft, LlamaModel target)
    {
        int common = Math.Min(draft.VocabularySize, target.VocabularySize);
        if (Math.Max(draft.VocabularySize, target.VocabularySize) - common > MaxPadding)
        {
            return FormattableString.Invariant($"one has {draft.VocabularySize:N0} tokens, the other {target.VocabularySize:N0}");
        }

        for (int token = 0; token < common; token++)
        {
            if (!draft.TokenBytes.GetBytes(token).SequenceEqual(target.TokenBytes.GetBytes(token)))
            {
                return FormattableString.Invariant($"token {token} is '{draft.Handle.GetText(token)}' in one, and ")
                    + $"'{target.Handle.GetText(token)}' in the other";
            }
        }

        return null;
    }
}
