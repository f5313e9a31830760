using System.Globalization;

namespace Orchard.Engine.Inference.Gguf;

/// <summary>Bytes of the weights of a model by where llama.cpp computes with them. Not thread-safe while tensors are added.</summary>
internal sealed class TensorSizes
{
    private const string LayerPrefix = "blk.";
    private const int MostLayers = 4096;

    private readonly List<LayerSize> _layers = [];
    private long _embedding;
    private bool _hasOutput;

    /// <summary>The layers, in their order; empty if the names of the tensors are not those of llama.cpp.</summary>
    public IReadOnlyList<LayerSize> Layers => _layers;

    /// <summary>Bytes of what is before the first layer, which stays on the host.</summary>
    public long InputBytes { get; private set; }

    /// <summary>Bytes of what is after the last layer: on the host, or with the last layer on a device.</summary>
    public long OutputBytes => AfterLayers + (_hasOutput ? 0 : _embedding); // without an output matrix, the embeddings are copied for it

    private long AfterLayers { get; set; }

    /// <summary>Whether there are experts.</summary>
    public bool HasExperts => _layers.Exists(static layer => layer.Experts > 0);

    /// <summary>Counts a tensor.</summary>
    public void Add(string name, long bytes)
    {
        if (LayerOf(name) is { } layer)
        {
            while (_layers.Count <= layer)
            {
                _layers.Add(default);
            }

            bool isExpert = name.Contains("_exps.", StringComparison.Ordinal) || name.Contains("_chexps.", StringComparison.Ordinal);
            LayerSize size = _layers[layer];
            _layers[layer] = isExpert
                ? size with { Experts = checked(size.Experts + bytes) }
                : size with { Dense = checked(size.Dense + bytes) };
        }
        else if (name.StartsWith("token_", StringComparison.Ordinal) || name.StartsWith("position_", StringComparison.Ordinal))
        {
            InputBytes = checked(InputBytes + bytes);
            _embedding += name == "token_embd.weight" ? bytes : 0;
        }
        else
        {
            AfterLayers = checked(AfterLayers + bytes);
            _hasOutput |= name == "output.weight";
        }
    }

    /// <summary>Adds the tensors of another part of the model.</summary>
    public void Add(TensorSizes part)
    {
        for (int i = 0; i < part._layers.Count; i++)
        {
            if (i == _layers.Count)
            {
                _layers.Add(default);
            }

            _layers[i] = new LayerSize(
                checked(_layers[i].Dense + part._layers[i].Dense), checked(_layers[i].Experts + part._layers[i].Experts));
        }

        InputBytes = checked(InputBytes + part.InputBytes);
        AfterLayers = checked(AfterLayers + part.AfterLayers);
        _embedding += part._embedding;
        _hasOutput |= part._hasOutput;
    }

    private static int? LayerOf(string name)
    {
        if (!name.StartsWith(LayerPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        ReadOnlySpan<char> rest = name.AsSpan(LayerPrefix.Length);
        int end = rest.IndexOf('.');
        return end > 0 && int.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int layer) && layer < MostLayers
            ? layer
            : null;
    }
}
