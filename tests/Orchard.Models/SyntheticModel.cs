namespace Orchard.TestModels;

/// <summary>A model file with random weights: as fast as a trained one of its shape, and needs no download.</summary>
public static class SyntheticModel
{
    /// <summary>Of all weights.</summary>
    public const int Seed = 1;

    private const int NormalToken = 1;
    private const int ControlToken = 3;
    private const string EndOfText = "<|endoftext|>";

    /// <summary>The file of that shape in the cache, written if it is not there.</summary>
    public static string Ensure(Shape shape) => Ensure($"llama-{shape}", path => Write(shape, path));

    /// <summary>A file in the cache, written if it is not there.</summary>
    public static string Ensure(string name, Action<string> write)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "orchard-benchmarks")).FullName;
        string path = Path.Combine(folder, $"{name}-q8_0.gguf");
        if (!File.Exists(path))
        {
            write(path);
        }

        return path;
    }

    /// <summary>Writes the file; it appears under its name only when it is whole.</summary>
    public static void Write(Shape shape, string path, Action<GgufFile, Shape>? writeTensors = null)
    {
        var file = new GgufFile();
        WriteMetadata(file, shape);
        WriteVocabulary(file, shape.Vocabulary);
        (writeTensors ?? WriteTensors)(file, shape);
        file.Save(path);
    }

    /// <summary>The blocks of the model and what comes after them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="isSilent">Whether the blocks add nothing, for all that they compute.</param>
    public static void WriteBlocks(GgufFile file, Shape shape, bool isSilent)
    {
        var random = new Random(Seed);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string block = $"blk.{layer}.";
            file.Ones(block + "attn_norm.weight", shape.Width);
            Matrix("attn_q", shape.Width, shape.Heads * shape.HeadWidth);
            Matrix("attn_k", shape.Width, shape.KeyValueHeads * shape.HeadWidth);
            Matrix("attn_v", shape.Width, shape.KeyValueHeads * shape.HeadWidth);
            Matrix("attn_output", shape.Heads * shape.HeadWidth, shape.Width, isLast: true);
            file.Ones(block + "ffn_norm.weight", shape.Width);
            Matrix("ffn_gate", shape.Width, shape.FeedForwardWidth);
            Matrix("ffn_up", shape.Width, shape.FeedForwardWidth);
            Matrix("ffn_down", shape.FeedForwardWidth, shape.Width, isLast: true);

            void Matrix(string name, int columns, int rows, bool isLast = false)
            {
                if (isSilent && isLast)
                {
                    file.Matrix($"{block}{name}.weight", columns, rows, static _ => { });
                }
                else
                {
                    file.Random($"{block}{name}.weight", columns, rows, random);
                }
            }
        }

        file.Ones("output_norm.weight", shape.Width);
    }

    /// <summary>A vocabulary of bytes and words.</summary>
    public static void WriteVocabulary(GgufFile file, int size)
    {
        file.Text("tokenizer.ggml.model", "gpt2");
        file.Text("tokenizer.ggml.pre", "default");
        file.Texts("tokenizer.ggml.tokens", ByteVocabulary.Create([EndOfText], size));
        file.Numbers("tokenizer.ggml.token_type", [ControlToken, .. Enumerable.Repeat(NormalToken, size - 1)]);
        file.Texts("tokenizer.ggml.merges", [ByteVocabulary.Merge]); // the library wants at least one
        file.Number("tokenizer.ggml.bos_token_id", 0);
        file.Number("tokenizer.ggml.eos_token_id", 0);
    }

    private static void WriteMetadata(GgufFile file, Shape shape)
    {
        file.Text("general.architecture", "llama");
        file.Text("general.name", $"random {shape}");
        file.Number("llama.context_length", shape.TrainedContext);
        file.Number("llama.embedding_length", shape.Width);
        file.Number("llama.block_count", shape.Layers);
        file.Number("llama.feed_forward_length", shape.FeedForwardWidth);
        file.Number("llama.attention.head_count", shape.Heads);
        file.Number("llama.attention.head_count_kv", shape.KeyValueHeads);
        file.Number("llama.attention.key_length", shape.HeadWidth);
        file.Number("llama.attention.value_length", shape.HeadWidth);
        file.Number("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        file.Number("llama.rope.freq_base", 10_000f);
        file.Number("llama.rope.dimension_count", shape.HeadWidth);
    }

    private static void WriteTensors(GgufFile file, Shape shape)
    {
        file.Random("token_embd.weight", shape.Width, shape.Vocabulary, new Random(Seed)); // also the output: there is no other
        WriteBlocks(file, shape, isSilent: false);
    }
}
