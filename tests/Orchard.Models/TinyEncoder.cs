namespace Orchard.TestModels;

/// <summary>An encoder with random weights, of one layer and a vocabulary of letters: enough to see what is done with its vectors.</summary>
public static class TinyEncoder
{
    public const int Width = 32;
    public const int ContextLength = 128;

    private const int FeedForwardWidth = 64;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789.,?!";

    /// <summary>Writes the model. Pooling is the number of GGUF files: 1 mean, 2 first token, 4 rank; null: not said.</summary>
    public static string Write(string path, int? pooling, bool classifier = false)
    {
        var random = new Random(1);
        string[] tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Letters.Select(letter => $"\u2581{letter}"), .. Letters.Select(letter => $"{letter}")];
        var file = new GgufFile()
            .Text("general.architecture", "bert")
            .Number("bert.context_length", ContextLength)
            .Number("bert.embedding_length", Width)
            .Number("bert.block_count", 1)
            .Number("bert.feed_forward_length", FeedForwardWidth)
            .Number("bert.attention.head_count", 2)
            .Number("bert.attention.layer_norm_epsilon", 1e-5f)
            .Flag("bert.attention.causal", false)
            .Text("tokenizer.ggml.model", "bert")
            .Texts("tokenizer.ggml.tokens", tokens)
            .Numbers("tokenizer.ggml.token_type", [3, 2, 3, 3, 3, .. Enumerable.Repeat(1, tokens.Length - 5)])
            .Number("tokenizer.ggml.token_type_count", 2)
            .Number("tokenizer.ggml.bos_token_id", 2)
            .Number("tokenizer.ggml.eos_token_id", 3)
            .Number("tokenizer.ggml.unknown_token_id", 1)
            .Number("tokenizer.ggml.seperator_token_id", 3)
            .Number("tokenizer.ggml.padding_token_id", 0)
            .Number("tokenizer.ggml.cls_token_id", 2)
            .Number("tokenizer.ggml.mask_token_id", 4);
        if (pooling is { } number)
        {
            file.Number("bert.pooling_type", number);
        }

        Matrix("token_embd", Width, tokens.Length);
        Matrix("position_embd", Width, ContextLength);
        Matrix("token_types", Width, 2);
        Norm("token_embd_norm");
        foreach (string name in (string[])["attn_q", "attn_k", "attn_v", "attn_output"])
        {
            Layer($"blk.0.{name}", Width, Width);
        }

        Norm("blk.0.attn_output_norm");
        Layer("blk.0.ffn_up", Width, FeedForwardWidth);
        Layer("blk.0.ffn_down", FeedForwardWidth, Width);
        Norm("blk.0.layer_output_norm");
        if (classifier)
        {
            Layer("cls", Width, Width);
            Layer("cls.output", Width, 1);
        }

        file.Save(path);
        return path;

        void Matrix(string name, int columns, int rows) =>
            file.Tensor($"{name}.weight", [.. Enumerable.Range(0, columns * rows).Select(_ => random.NextSingle() - 0.5f)], columns, rows);

        void Layer(string name, int columns, int rows)
        {
            Matrix(name, columns, rows);
            file.Tensor($"{name}.bias", new float[rows], rows);
        }

        void Norm(string name)
        {
            file.Tensor($"{name}.weight", [.. Enumerable.Repeat(1f, Width)], Width);
            file.Tensor($"{name}.bias", new float[Width], Width);
        }
    }
}
