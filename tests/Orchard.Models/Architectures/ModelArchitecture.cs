namespace Orchard.TestModels.Architectures;

/// <summary>An architecture that the native library knows, as a model of a few thousand random weights.</summary>
public sealed class ModelArchitecture
{
    /// <summary>Number of tokens in the vocabulary, one for each byte among them.</summary>
    public const int Vocabulary = Sizes.Vocabulary;

    /// <summary>Number of tokens that the models were trained for, unless another number is requested.</summary>
    public const int ContextLength = 512;

    private const string Template =
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

    private static readonly string[] Controls = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "<unk>"];
    private static readonly Lazy<IReadOnlyList<ModelArchitecture>> Loaded = new(ArchitectureData.Read);

    private readonly IReadOnlyList<KeyValuePair<string, string>> _keys;
    private readonly IReadOnlyList<TensorTemplate> _tensors;

    internal ModelArchitecture(
        string name, ModelKind kind, IReadOnlyList<KeyValuePair<string, string>> keys, IReadOnlyList<TensorTemplate> tensors) =>
        (Name, Kind, _keys, _tensors) = (name, kind, keys, tensors);

    /// <summary>All of them, by kind and name.</summary>
    public static IReadOnlyList<ModelArchitecture> All => Loaded.Value;

    /// <summary>Name in the metadata, such as <c>llama</c>.</summary>
    public string Name { get; }

    public ModelKind Kind { get; }

    /// <exception cref="ArgumentException">There is no such architecture.</exception>
    public static ModelArchitecture Named(string name) =>
        All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw new ArgumentException($"There is no data of the architecture '{name}'.", nameof(name));

    /// <summary>Writes the model. The same bytes every time.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="contextLength">Number of tokens that it was trained for.</param>
    /// <param name="changed">Values of keys that are to differ from the data, by their names without the architecture; null to leave out.</param>
    /// <returns>The path.</returns>
    public string Write(string path, int contextLength = ContextLength, IReadOnlyDictionary<string, string?>? changed = null)
    {
        var keys = new Dictionary<string, string?>(_keys.Select(static key => KeyValuePair.Create<string, string?>(key.Key, key.Value)));
        foreach ((string key, string? value) in changed ?? new Dictionary<string, string?>())
        {
            keys[key] = value;
        }

        var sizes = new Sizes(contextLength);
        var file = new GgufFile().Text("general.architecture", Name).Text("general.name", $"random {Name}");
        foreach ((string key, string? value) in keys)
        {
            if (value is not null)
            {
                ArchitectureData.Write(file, IsGlobal(key) ? key : $"{Name}.{key}", value, sizes);
            }
        }

        file.Text("tokenizer.ggml.model", "gpt2")
            .Text("tokenizer.ggml.pre", "default")
            .Text("tokenizer.chat_template", Template)
            .Texts("tokenizer.ggml.tokens", ByteVocabulary.Create(Controls, Vocabulary))
            .Numbers("tokenizer.ggml.token_type", [.. Enumerable.Repeat(3, Controls.Length), .. Enumerable.Repeat(1, Vocabulary - Controls.Length)])
            .Texts("tokenizer.ggml.merges", [ByteVocabulary.Merge])
            .Number("tokenizer.ggml.token_type_count", 2)
            .Number("tokenizer.ggml.bos_token_id", 0)
            .Number("tokenizer.ggml.eos_token_id", 2);
        WriteTensors(file, sizes);
        file.Save(path);
        return path;
    }

    public override string ToString() => Name;

    private void WriteTensors(GgufFile file, Sizes sizes)
    {
        var random = new Random(1);
        int blocks = sizes.Evaluate(_keys.Single(static key => key.Key == "block_count").Value);
        foreach (TensorTemplate tensor in _tensors)
        {
            int[] dimensions = [.. tensor.Dimensions.Select(sizes.Evaluate)];
            foreach (string name in tensor.Names(blocks))
            {
                file.Tensor(name, RandomWeights.Create(name, dimensions, random), dimensions);
            }
        }
    }

    private static bool IsGlobal(string key) =>
        key.StartsWith("tokenizer.", StringComparison.Ordinal) || key.StartsWith("xielu.", StringComparison.Ordinal);
}
