using Orchard.TestModels;

namespace Orchard.Engine.Tests.Inference;

/// <summary>A model of two layers whose metadata a test can change, one value at a time.</summary>
internal sealed class TinyLlama
{
    public const int ContextLength = 100;
    public const int Heads = 2;
    public const int Layers = 2;

    private const int Width = 64;
    private const int VocabularySize = 320;
    private const uint UInt16Type = 2;

    private readonly Dictionary<string, Action<GgufFile, string>> _values = new()
    {
        ["general.architecture"] = static (file, key) => file.Text(key, "llama"),
        ["llama.context_length"] = static (file, key) => file.Number(key, ContextLength),
        ["llama.embedding_length"] = static (file, key) => file.Number(key, Width),
        ["llama.block_count"] = static (file, key) => file.Number(key, Layers),
        ["llama.feed_forward_length"] = static (file, key) => file.Number(key, Width),
        ["llama.attention.head_count"] = static (file, key) => file.Number(key, Heads),
        ["llama.attention.head_count_kv"] = static (file, key) => file.Number(key, Heads),
        ["llama.attention.layer_norm_rms_epsilon"] = static (file, key) => file.Number(key, 1e-5f),
        ["llama.rope.freq_base"] = static (file, key) => file.Number(key, 10_000f),
        ["llama.rope.dimension_count"] = static (file, key) => file.Number(key, Width / Heads),
        ["tokenizer.ggml.model"] = static (file, key) => file.Text(key, "gpt2"),
        ["tokenizer.ggml.pre"] = static (file, key) => file.Text(key, "default"),
        ["tokenizer.ggml.tokens"] = static (file, key) => file.Texts(key, ByteVocabulary.Create(["<end>"], VocabularySize)),
        ["tokenizer.ggml.token_type"] = static (file, key) => file.Numbers(key, [3, .. Enumerable.Repeat(1, VocabularySize - 1)]),
        ["tokenizer.ggml.merges"] = static (file, key) => file.Texts(key, [ByteVocabulary.Merge]),
        ["tokenizer.ggml.bos_token_id"] = static (file, key) => file.Number(key, 0),
        ["tokenizer.ggml.eos_token_id"] = static (file, key) => file.Number(key, 0),
    };

    /// <summary>Alignment of the tensors in bytes.</summary>
    public int Alignment { get; init; } = 32;

    /// <summary>The keys of counts that the model has and that fit into every type of number.</summary>
    public static IReadOnlyList<string> Counts { get; } =
    [
        "llama.context_length", "llama.embedding_length", "llama.block_count", "llama.feed_forward_length", "llama.attention.head_count",
        "llama.attention.head_count_kv", "llama.rope.dimension_count", "tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id",
    ];

    /// <summary>Adds a value or replaces it.</summary>
    public TinyLlama With(string key, Action<GgufFile, string> write)
    {
        _values[key] = write;
        return this;
    }

    /// <summary>Adds or replaces a value of any type.</summary>
    public TinyLlama With(string key, uint type, Action<BinaryWriter> write) => With(key, (file, name) => file.Key(name, type, write));

    public TinyLlama With(string key, int value) => With(key, (file, name) => file.Number(name, value));

    public TinyLlama With(string key, string value) => With(key, (file, name) => file.Text(name, value));

    public TinyLlama Without(params string[] keys)
    {
        Array.ForEach(keys, key => _values.Remove(key));
        return this;
    }

    /// <summary>Writes the model, and returns its path.</summary>
    public string Save(string path)
    {
        var file = new GgufFile { Alignment = Alignment };
        foreach ((string key, Action<GgufFile, string> write) in _values)
        {
            write(file, key);
        }

        var random = new Random(1);
        Matrix("token_embd", VocabularySize);
        for (int layer = 0; layer < Layers; layer++)
        {
            file.Ones($"blk.{layer}.attn_norm.weight", Width).Ones($"blk.{layer}.ffn_norm.weight", Width);
            foreach (string name in (string[])["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"])
            {
                Matrix($"blk.{layer}.{name}", Width);
            }
        }

        file.Ones("output_norm.weight", Width).Save(path);
        return path;

        void Matrix(string name, int rows) =>
            file.Tensor($"{name}.weight", [.. Enumerable.Range(0, Width * rows).Select(_ => random.NextSingle() - 0.5f)], Width, rows);
    }

    /// <summary>Writes the model in two parts, and returns the path of the first.</summary>
    /// <param name="first">Path of the first part.</param>
    /// <param name="second">Path of the second one; null leaves it out.</param>
    public string SaveInTwo(string first, string? second)
    {
        (byte[] one, byte[] two) = GgufSplit.InTwo(File.ReadAllBytes(Save(first)));
        File.WriteAllBytes(first, one);
        if (second is not null)
        {
            File.WriteAllBytes(second, two);
        }

        return first;
    }

    /// <summary>The number of a split, as the second part has it.</summary>
    public static TinyLlama Part(ushort number, ushort count) => new TinyLlama()
        .With("split.no", UInt16Type, writer => writer.Write(number))
        .With("split.count", UInt16Type, writer => writer.Write(count));
}
