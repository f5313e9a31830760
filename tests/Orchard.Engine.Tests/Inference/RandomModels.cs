using Orchard.TestModels;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Models with random weights, as small as their architecture allows: enough to see what is done with their memory.</summary>
internal static class RandomModels
{
    public const int Vocabulary = 64;
    public const int Window = 32;

    private const int Width = 64;
    private const int HeadWidth = 32;
    private const int Heads = 2;
    private const int FeedForwardWidth = 64;
    private const int ContextLength = 1_024;

    /// <summary>The architectures, by what they remember of a sequence.</summary>
    public static IReadOnlyList<string> Architectures { get; } = ["llama", "gemma3", "lfm2"];

    /// <summary>Writes the model: with a KV cache, with a sliding window in most layers, or with short convolutions in most layers.</summary>
    public static string Write(string path, string architecture)
    {
        const int Layers = 6;
        var random = new Random(1);
        var file = new GgufFile()
            .Text("general.architecture", architecture)
            .Number($"{architecture}.context_length", ContextLength)
            .Number($"{architecture}.embedding_length", Width)
            .Number($"{architecture}.block_count", Layers)
            .Number($"{architecture}.feed_forward_length", FeedForwardWidth)
            .Number($"{architecture}.vocab_size", Vocabulary)
            .Number($"{architecture}.attention.head_count", Heads)
            .Number($"{architecture}.attention.key_length", HeadWidth)
            .Number($"{architecture}.attention.value_length", HeadWidth)
            .Number($"{architecture}.attention.layer_norm_rms_epsilon", 1e-5f)
            .Number($"{architecture}.rope.freq_base", 10_000f)
            .Number($"{architecture}.rope.dimension_count", HeadWidth)
            .Text("tokenizer.ggml.model", "gpt2")
            .Text("tokenizer.ggml.pre", "default")
            .Texts("tokenizer.ggml.tokens", [.. Enumerable.Range(0, Vocabulary).Select(static i => $"t{i}")])
            .Numbers("tokenizer.ggml.token_type", [.. Enumerable.Repeat(1, Vocabulary)])
            .Texts("tokenizer.ggml.merges", ["t 1"])
            .Number("tokenizer.ggml.bos_token_id", 0)
            .Number("tokenizer.ggml.eos_token_id", 0);
        bool[] attends = [.. Enumerable.Range(0, Layers).Select(layer => architecture != "lfm2" || layer % 3 == 2)];
        if (architecture == "lfm2")
        {
            file.Number("lfm2.shortconv.l_cache", 3)
                .Numbers("lfm2.attention.head_count_kv", [.. attends.Select(static attention => attention ? Heads : 0)]);
        }
        else
        {
            file.Number($"{architecture}.attention.head_count_kv", Heads);
        }

        if (architecture == "gemma3")
        {
            file.Number("gemma3.attention.sliding_window", Window);
        }

        Matrix("token_embd", Width, Vocabulary);
        Norm(architecture == "lfm2" ? "token_embd_norm" : "output_norm", Width);
        for (int layer = 0; layer < Layers; layer++)
        {
            string block = $"blk.{layer}.";
            Norm(block + "attn_norm", Width);
            Norm(block + "ffn_norm", Width);
            Matrix(block + "ffn_gate", Width, FeedForwardWidth);
            Matrix(block + "ffn_up", Width, FeedForwardWidth);
            Matrix(block + "ffn_down", FeedForwardWidth, Width);
            if (attends[layer])
            {
                Matrix(block + "attn_q", Width, Heads * HeadWidth);
                Matrix(block + "attn_k", Width, Heads * HeadWidth);
                Matrix(block + "attn_v", Width, Heads * HeadWidth);
                Matrix(block + "attn_output", Heads * HeadWidth, Width);
            }
            else
            {
                Matrix(block + "shortconv.conv", 3, Width);
                Matrix(block + "shortconv.in_proj", Width, 3 * Width);
                Matrix(block + "shortconv.out_proj", Width, Width);
            }

            if (architecture != "llama" && attends[layer])
            {
                Norm(block + "attn_q_norm", HeadWidth);
                Norm(block + "attn_k_norm", HeadWidth);
            }

            if (architecture == "gemma3")
            {
                Norm(block + "post_attention_norm", Width);
                Norm(block + "post_ffw_norm", Width);
            }
        }

        file.Save(path);
        return path;

        void Matrix(string name, int columns, int rows) =>
            file.Tensor($"{name}.weight", [.. Enumerable.Range(0, columns * rows).Select(_ => random.NextSingle() - 0.5f)], columns, rows);

        void Norm(string name, int width) => file.Tensor($"{name}.weight", [.. Enumerable.Repeat(1f, width)], width);
    }
}
