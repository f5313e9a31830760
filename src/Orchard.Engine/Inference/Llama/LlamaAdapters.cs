using System.Globalization;
using System.Text;
using Orchard.Engine.Inference.Gguf;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference.Llama;

/// <summary>The LoRA adapters of a model. Each file is loaded once and stays loaded until the model is unloaded. Thread-safe.</summary>
internal sealed class LlamaAdapters(LlamaModel model) : IAdapterLoader
{
    /// <summary>Maximum number of adapters per model, because they stay in memory as long as the model.</summary>
    public const int MaxAdapters = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Path, DateTime Written, long Length), (nint Adapter, string? Content)> _loaded = [];

    public AdapterSet? Load(IReadOnlyList<LoraSettings> adapters)
    {
        if (adapters.Count == 0)
        {
            return null;
        }

        var handles = new nint[adapters.Count];
        var key = new StringBuilder();
        var content = new StringBuilder();
        bool isKnown = true;
        for (int i = 0; i < handles.Length; i++)
        {
            (handles[i], string? digest) = Load(adapters[i].Path);
            isKnown &= digest is not null;
            key.Append(CultureInfo.InvariantCulture, $"{handles[i]}*{adapters[i].Scale:R};");
            content.Append(CultureInfo.InvariantCulture, $"{digest}*{adapters[i].Scale:R};");
        }

        return new AdapterSet(key.ToString(), handles, [.. adapters.Select(adapter => (float)adapter.Scale)])
        {
            ContentKey = isKnown ? content.ToString() : null,
        };
    }

    private (nint Adapter, string? Content) Load(string path)
    {
        var file = new FileInfo(path);
        (string, DateTime, long) identity = (file.FullName, file.Exists ? file.LastWriteTimeUtc : default, file.Exists ? file.Length : 0);
        lock (_gate)
        {
            if (_loaded.TryGetValue(identity, out (nint Adapter, string? Content) loaded))
            {
                return loaded;
            }

            // Rejects a damaged file with a reason, before native code reads it.
            GgufHeader header = GgufHeader.ReadAdapter(path);
            if (header.Architecture != model.Architecture)
            {
                throw new ModelFileException(
                    path,
                    $"The LoRA adapter '{path}' is for models of architecture '{header.Architecture}', "
                    + $"but this model is '{model.Architecture}'. Use an adapter that was trained for it.");
            }

            if (header.IsActivatedAdapter)
            {
                throw new ModelFileException(
                    path,
                    $"The LoRA adapter '{path}' is an activated adapter (aLoRA): it applies only to tokens after its invocation tokens, "
                    + "and this engine applies adapters to all tokens. Use a LoRA adapter without invocation tokens.");
            }

            if (_loaded.Count == MaxAdapters)
            {
                throw new ModelFileException(
                    path,
                    $"The LoRA adapter '{path}' was not loaded: the model has the maximum of {MaxAdapters} adapters. "
                    + "Unload the model to free them.");
            }

            nint adapter = model.Handle.LoadAdapter(path, out string problem);
            if (adapter == 0)
            {
                throw new ModelFileException(
                    path,
                    $"llama.cpp cannot load the LoRA adapter '{path}' for this model. {problem}Use an adapter that was trained for it.");
            }

            return _loaded[identity] = (adapter, FileDigest.TryOf(path));
        }
    }
}
