using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;

namespace Orchard.Engine.Prefixes;

/// <summary>Opens the files of models that are being loaded.</summary>
internal static class PrefixStores
{
    /// <summary>Opens the files of a model; null if nothing is kept, or if its files cannot be read.</summary>
    /// <param name="folder">The folder with the files of all models; null to keep none.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">How it is decoded.</param>
    public static PrefixStore? TryOpen(PrefixFolder? folder, LlamaModel model, DecoderOptions options)
    {
        // A model whose files cannot be read was loaded nevertheless, such as from one that was deleted.
        if (folder is null || model.ContentDigest is not { } digest)
        {
            return null;
        }

        var key = new PrefixKey(digest, Describe(model, options)) { ModelPath = model.Header.Path };
        return PrefixStore.Open(folder, key, LlamaDecoder.ReuseOf(model) == StateReuse.Whole);
    }

    // The format of a state depends on the release, the types, the layout and flash attention; its content also on how positions are
    // encoded. Where these are scaled, the library takes other factors for a longer context.
    private static string Describe(LlamaModel model, DecoderOptions options)
    {
        bool isScaled = options.Rope.IsSet || model.Header.OriginalContextLength > 0;
        return string.Join(
            '|',
            LlamaLibrary.Load().Version,
            options.KeyType,
            options.ValueType,
            options.FlashAttention,
            options.UnifiedKeyValueCache ? 1 : options.SequenceCapacity,
            options.Devices,
            FormattableString.Invariant($"{options.Rope}"),
            isScaled ? options.ContextLength : 0);
    }
}
