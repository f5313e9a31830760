using System.Globalization;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Inference;

/// <summary>The LoRA adapters of one model: each file is loaded once and stays until the model goes. Thread-safe.</summary>
internal sealed class LlamaAdapters(LlamaModel model) : IAdapterLoader
{
    /// <summary>Most adapters of one model: they stay in memory as long as it does.</summary>
    public const int MaxAdapters = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Path, DateTime Written, long Length), nint> _loaded = [];

    public AdapterSet? Load(IReadOnlyList<LoraSettings> adapters)
    {
        if (adapters.Count == 0)
        {
            return null;
        }

        var handles = new nint[adapters.Count];
        var key = new System.Text.StringBuilder();
        for (int i = 0; i < handles.Length; i++)
        {
            handles[i] = Load(adapters[i].Path);
            key.Append(CultureInfo.InvariantCulture, $"{handles[i]}*{adapters[i].Scale:R};");
        }

        return new AdapterSet(key.ToString(), handles, [.. adapters.Select(adapter => (float)adapter.Scale)]);
    }

    private nint Load(string path)
    {
        var file = new FileInfo(path);
        (string, DateTime, long) identity = (file.FullName, file.Exists ? file.LastWriteTimeUtc : default, file.Exists ? file.Length : 0);
        lock (_gate)
        {
            if (_loaded.TryGetValue(identity, out nint loaded))
            {
                return loaded;
            }

            // A damaged file is refused with a reason before native code sees it.
            GgufHeader header = GgufHeader.Read(path);
            if (header.Architecture != model.Architecture)
            {
                throw new ModelFileException(
                    path, $"The LoRA adapter '{path}' is for models of the architecture '{header.Architecture}'; this one is '{model.Architecture}'.");
            }

            if (_loaded.Count == MaxAdapters)
            {
                throw new ModelFileException(path, $"The model has {MaxAdapters} LoRA adapters loaded, which is the most; unload it to start anew.");
            }

            nint adapter = model.Handle.LoadAdapter(path, out string problem);
            if (adapter == 0)
            {
                throw new ModelFileException(path, $"llama.cpp cannot load the LoRA adapter '{path}' for this model. {problem}Use one that was made for it.");
            }

            return _loaded[identity] = adapter;
        }
    }
}
