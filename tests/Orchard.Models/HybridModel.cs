namespace Orchard.TestModels;

/// <summary>
/// A model of about 125 million random weights with state-space layers beside attention, as in Granite 4: in each sequence it keeps a state
/// of 7 MB, and a KV cache in one of four layers.
/// </summary>
public static class HybridModel
{
    private const string Architecture = "granitehybrid";
    private const int Width = 768;
    private const int Layers = 12;
    private const int Vocabulary = 32_000;
    private const int FeedForwardWidth = 2_048;
    private const int Heads = 12;
    private const int HeadWidth = Width / Heads;
    private const int InnerWidth = 2 * Width;
    private const int StateWidth = 128;
    private const int StateHeads = 24;
    private const int Kernel = 4;
    private const int Convolved = InnerWidth + (2 * StateWidth);

    /// <summary>The file in the cache, written if it is not there.</summary>
    public static string Ensure() => SyntheticModel.Ensure("hybrid-125m", Write);

    /// <summary>Writes the file.</summary>
    public static void Write(string path)
    {
        var file = new GgufFile();
        WriteMetadata(file);
        SyntheticModel.WriteVocabulary(file, Vocabulary);
        var random = new Random(SyntheticModel.Seed);
        file.Random("token_embd.weight", Width, Vocabulary, random);
        for (int layer = 0; layer < Layers; layer++)
        {
            string block = $"blk.{layer}.";
            file.Ones(block + "attn_norm.weight", Width);
            if (Attends(layer))
            {
                WriteAttention(file, block, random);
            }
            else
            {
                WriteStateSpace(file, block, random);
            }

            file.Ones(block + "ffn_norm.weight", Width);
            file.Random(block + "ffn_gate.weight", Width, FeedForwardWidth, random);
            file.Random(block + "ffn_up.weight", Width, FeedForwardWidth, random);
            file.Random(block + "ffn_down.weight", FeedForwardWidth, Width, random);
        }

        file.Ones("output_norm.weight", Width);
        file.Save(path);
    }

    private static bool Attends(int layer) => layer % 4 == 3;

    private static void WriteMetadata(GgufFile file) => file
        .Text("general.architecture", Architecture)
        .Text("general.name", "random hybrid")
        .Number($"{Architecture}.context_length", Shape.ContextLength)
        .Number($"{Architecture}.embedding_length", Width)
        .Number($"{Architecture}.block_count", Layers)
        .Number($"{Architecture}.feed_forward_length", FeedForwardWidth)
        .Number($"{Architecture}.attention.head_count", Heads)
        .Numbers($"{Architecture}.attention.head_count_kv", [.. Enumerable.Range(0, Layers).Select(static layer => Attends(layer) ? Heads : 0)])
        .Number($"{Architecture}.attention.layer_norm_rms_epsilon", 1e-5f)
        .Number($"{Architecture}.rope.dimension_count", HeadWidth)
        .Number($"{Architecture}.ssm.conv_kernel", Kernel)
        .Number($"{Architecture}.ssm.inner_size", InnerWidth)
        .Number($"{Architecture}.ssm.state_size", StateWidth)
        .Number($"{Architecture}.ssm.time_step_rank", StateHeads)
        .Number($"{Architecture}.ssm.group_count", 1);

    private static void WriteAttention(GgufFile file, string block, Random random)
    {
        foreach (string name in (string[])["attn_q", "attn_k", "attn_v", "attn_output"])
        {
            file.Random($"{block}{name}.weight", Width, Width, random);
        }
    }

    private static void WriteStateSpace(GgufFile file, string block, Random random)
    {
        file.Random(block + "ssm_in.weight", Width, InnerWidth + Convolved + StateHeads, random);
        file.Tensor(block + "ssm_conv1d.weight", Values(Kernel * Convolved, random), Kernel, Convolved);
        file.Tensor(block + "ssm_conv1d.bias", Values(Convolved, random), Convolved);
        file.Tensor(block + "ssm_dt.bias", Values(StateHeads, random), StateHeads);
        file.Tensor(block + "ssm_a", [.. Enumerable.Repeat(-0.1f, StateHeads)], 1, StateHeads);
        file.Tensor(block + "ssm_d", Values(StateHeads, random), 1, StateHeads);
        file.Tensor(block + "ssm_norm.weight", [.. Enumerable.Repeat(1f, InnerWidth)], InnerWidth, 1);
        file.Random(block + "ssm_out.weight", InnerWidth, Width, random);
    }

    private static float[] Values(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
