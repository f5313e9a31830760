using System.Globalization;

namespace Orchard.Benchmarks.Models;

/// <summary>A model file with random weights: as fast as a trained one of its shape, and needs no download.</summary>
internal static class SyntheticModel
{
    /// <summary>Of all weights.</summary>
    public const int Seed = 1;

    private const int NormalToken = 1;
    private const int ControlToken = 3;
    private const string EndOfText = "<|endoftext|>";
    private const string Space = "Ġ"; // how the byte-level vocabulary spells it

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
    public static void Write(Shape shape, string path, Action<GgufWriter, Shape>? writeTensors = null)
    {
        string unfinished = $"{path}.{Environment.ProcessId}";
        using (FileStream stream = File.Create(unfinished))
        using (var writer = new GgufWriter(stream))
        {
            WriteMetadata(writer, shape);
            WriteVocabulary(writer, shape.Vocabulary);
            (writeTensors ?? WriteTensors)(writer, shape);
            writer.Finish();
        }

        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>The blocks of the model and what comes after them.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="isSilent">Whether the blocks add nothing, for all that they compute.</param>
    public static void WriteBlocks(GgufWriter writer, Shape shape, bool isSilent)
    {
        var random = new Random(Seed);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string block = $"blk.{layer}.";
            writer.Ones(block + "attn_norm.weight", shape.Width);
            Matrix("attn_q", shape.Width, shape.Heads * shape.HeadWidth);
            Matrix("attn_k", shape.Width, shape.KeyValueHeads * shape.HeadWidth);
            Matrix("attn_v", shape.Width, shape.KeyValueHeads * shape.HeadWidth);
            Matrix("attn_output", shape.Heads * shape.HeadWidth, shape.Width, isLast: true);
            writer.Ones(block + "ffn_norm.weight", shape.Width);
            Matrix("ffn_gate", shape.Width, shape.FeedForwardWidth);
            Matrix("ffn_up", shape.Width, shape.FeedForwardWidth);
            Matrix("ffn_down", shape.FeedForwardWidth, shape.Width, isLast: true);

            void Matrix(string name, int columns, int rows, bool isLast = false)
            {
                if (isSilent && isLast)
                {
                    writer.Matrix($"{block}{name}.weight", columns, rows, static _ => { });
                }
                else
                {
                    writer.Random($"{block}{name}.weight", columns, rows, random);
                }
            }
        }

        writer.Ones("output_norm.weight", shape.Width);
    }

    private static void WriteMetadata(GgufWriter writer, Shape shape)
    {
        writer.Text("general.architecture", "llama");
        writer.Text("general.name", $"random {shape}");
        writer.Number("llama.context_length", Shape.ContextLength);
        writer.Number("llama.embedding_length", shape.Width);
        writer.Number("llama.block_count", shape.Layers);
        writer.Number("llama.feed_forward_length", shape.FeedForwardWidth);
        writer.Number("llama.attention.head_count", shape.Heads);
        writer.Number("llama.attention.head_count_kv", shape.KeyValueHeads);
        writer.Number("llama.attention.key_length", shape.HeadWidth);
        writer.Number("llama.attention.value_length", shape.HeadWidth);
        writer.Number("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Number("llama.rope.freq_base", 10_000f);
        writer.Number("llama.rope.dimension_count", shape.HeadWidth);
    }

    private static void WriteVocabulary(GgufWriter writer, int size)
    {
        List<string> tokens = [EndOfText, .. ByteTokens(), Space + "w"];
        for (int i = tokens.Count; i < size; i++)
        {
            tokens.Add(Space + "w" + i.ToString(CultureInfo.InvariantCulture));
        }

        writer.Text("tokenizer.ggml.model", "gpt2");
        writer.Text("tokenizer.ggml.pre", "default");
        writer.Texts("tokenizer.ggml.tokens", tokens);
        writer.Numbers("tokenizer.ggml.token_type", [ControlToken, .. Enumerable.Repeat(NormalToken, size - 1)]);
        writer.Texts("tokenizer.ggml.merges", [$"{Space} w"]); // the library wants at least one
        writer.Number("tokenizer.ggml.bos_token_id", 0);
        writer.Number("tokenizer.ggml.eos_token_id", 0);
    }

    // The byte-level vocabulary writes each byte as one visible character: itself where it is one, else one from 256 on.
    private static IEnumerable<string> ByteTokens()
    {
        int substitutes = 0;
        for (int value = 0; value < 256; value++)
        {
            bool isVisible = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            yield return ((char)(isVisible ? value : 256 + substitutes++)).ToString();
        }
    }

    private static void WriteTensors(GgufWriter writer, Shape shape)
    {
        writer.Random("token_embd.weight", shape.Width, shape.Vocabulary, new Random(Seed)); // also the output: there is no other
        WriteBlocks(writer, shape, isSilent: false);
    }
}
