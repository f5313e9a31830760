using Orchard.TestModels;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Models with random weights, as small as their architecture allows: enough to see what is done with their memory.</summary>
internal sealed class RandomModels
{
    public const int Vocabulary = 64;
    public const int Window = 32;

    /// <summary>A control token, which ends nothing.</summary>
    public const int Mark = 1;

    private const int Width = 64;
    private const int HeadWidth = 32;
    private const int Heads = 2;
    private const int FeedForwardWidth = 64;
    private const int ContextLength = 1_024;
    private const int Layers = 6;
    private const int InnerWidth = 2 * Width;
    private const int StateWidth = 32;
    private const int StateHeads = 4;
    private const int ConvolutionWidth = 4;
    private const int Experts = 4;

    private readonly GgufFile _file = new();
    private readonly Random _random = new(1);
    private readonly string _architecture;

    private RandomModels(string architecture) => _architecture = architecture;

    /// <summary>Architectures with a KV cache only.</summary>
    public static IReadOnlyList<string> Plain { get; } = ["llama"];

    /// <summary>Architectures with a sliding window in some layers: in five of six, in three of four, in each second one.</summary>
    public static IReadOnlyList<string> Windowed { get; } = ["gemma3", "cohere2", "gpt-oss"];

    /// <summary>
    /// Architectures with a recurrent state: short convolutions in most layers, state-space layers in most layers, and in all layers.
    /// </summary>
    public static IReadOnlyList<string> Recurrent { get; } = ["lfm2", "granitehybrid", "mamba2"];

    public static IReadOnlyList<string> Architectures { get; } = [.. Plain, .. Windowed, .. Recurrent];

    private bool IsMamba => _architecture == "mamba2";

    private string FirstNorm => _architecture == "lfm2" ? "token_embd_norm" : "output_norm";

    /// <summary>Writes a model of an architecture, and returns its path.</summary>
    public static string Write(string path, string architecture)
    {
        var model = new RandomModels(architecture);
        model.WriteMetadata();
        model.WriteTensors();
        model._file.Save(path);
        return path;
    }

    private void WriteMetadata()
    {
        _file
            .Text("general.architecture", _architecture)
            .Number(Key("context_length"), ContextLength)
            .Number(Key("embedding_length"), Width)
            .Number(Key("block_count"), Layers)
            .Number(Key("feed_forward_length"), IsMamba ? 0 : FeedForwardWidth)
            .Number(Key("vocab_size"), Vocabulary)
            .Number(Key("attention.head_count"), IsMamba ? 0 : Heads)
            .Number(Key("attention.layer_norm_rms_epsilon"), 1e-5f)
            .Text("tokenizer.ggml.model", "gpt2")
            .Text("tokenizer.ggml.pre", "default")
            .Texts("tokenizer.ggml.tokens", [.. Enumerable.Range(0, Vocabulary).Select(static i => $"t{i}")])
            .Numbers("tokenizer.ggml.token_type", [.. Enumerable.Range(0, Vocabulary).Select(static i => i == Mark ? 3 : 1)])
            .Texts("tokenizer.ggml.merges", ["t 1"])
            .Number("tokenizer.ggml.bos_token_id", 0)
            .Number("tokenizer.ggml.eos_token_id", 0);
        if (!IsMamba)
        {
            _file
                .Number(Key("attention.key_length"), HeadWidth)
                .Number(Key("attention.value_length"), HeadWidth)
                .Number(Key("rope.freq_base"), 10_000f)
                .Number(Key("rope.dimension_count"), HeadWidth);
        }

        if (Windowed.Contains(_architecture))
        {
            _file.Number(Key("attention.sliding_window"), Window);
        }

        if (_architecture is "lfm2" or "granitehybrid")
        {
            _file.Numbers(Key("attention.head_count_kv"), [.. Enumerable.Range(0, Layers).Select(layer => Attends(layer) ? Heads : 0)]);
        }
        else
        {
            _file.Number(Key("attention.head_count_kv"), IsMamba ? 0 : Heads);
        }

        switch (_architecture)
        {
            case "lfm2":
                _file.Number("lfm2.shortconv.l_cache", 3);
                break;
            case "granitehybrid" or "mamba2":
                _file
                    .Number(Key("ssm.conv_kernel"), ConvolutionWidth)
                    .Number(Key("ssm.inner_size"), InnerWidth)
                    .Number(Key("ssm.state_size"), StateWidth)
                    .Number(Key("ssm.time_step_rank"), StateHeads)
                    .Number(Key("ssm.group_count"), 1);
                break;
            case "cohere2":
                _file.Number("cohere2.logit_scale", 1f).Number("cohere2.attention.layer_norm_epsilon", 1e-5f);
                break;
            case "gpt-oss":
                _file
                    .Number("gpt-oss.expert_count", Experts)
                    .Number("gpt-oss.expert_used_count", Experts)
                    .Number("gpt-oss.expert_feed_forward_length", FeedForwardWidth);
                break;
        }
    }

    private void WriteTensors()
    {
        Matrix("token_embd", Width, Vocabulary);
        Norm(FirstNorm, Width);
        if (_architecture == "gpt-oss")
        {
            Matrix("output", Width, Vocabulary);
        }

        for (int layer = 0; layer < Layers; layer++)
        {
            string block = $"blk.{layer}.";
            Norm(block + "attn_norm", Width);
            if (Attends(layer))
            {
                WriteAttention(block);
            }
            else if (_architecture == "lfm2")
            {
                Matrix(block + "shortconv.conv", 3, Width);
                Matrix(block + "shortconv.in_proj", Width, 3 * Width);
                Matrix(block + "shortconv.out_proj", Width, Width);
            }
            else
            {
                WriteStateSpace(block);
            }

            if (!IsMamba)
            {
                WriteFeedForward(block);
            }
        }
    }

    private void WriteAttention(string block)
    {
        Matrix(block + "attn_q", Width, Heads * HeadWidth);
        Matrix(block + "attn_k", Width, Heads * HeadWidth);
        Matrix(block + "attn_v", Width, Heads * HeadWidth);
        Matrix(block + "attn_output", Heads * HeadWidth, Width);
        switch (_architecture)
        {
            case "lfm2" or "gemma3":
                Norm(block + "attn_q_norm", HeadWidth);
                Norm(block + "attn_k_norm", HeadWidth);
                break;
            case "gpt-oss":
                Bias(block + "attn_q", Heads * HeadWidth);
                Bias(block + "attn_k", Heads * HeadWidth);
                Bias(block + "attn_v", Heads * HeadWidth);
                Bias(block + "attn_output", Width);
                Values(block + "attn_sinks.weight", Heads);
                break;
        }
    }

    private void WriteStateSpace(string block)
    {
        const int Convolved = InnerWidth + (2 * StateWidth);
        Matrix(block + "ssm_in", Width, InnerWidth + Convolved + StateHeads);
        Matrix(block + "ssm_conv1d", ConvolutionWidth, Convolved);
        Bias(block + "ssm_conv1d", Convolved);
        Bias(block + "ssm_dt", StateHeads);
        _file.Tensor(block + "ssm_a", [.. Enumerable.Repeat(-0.2f, StateHeads)], 1, StateHeads); // remembers about twenty tokens
        Values(block + "ssm_d", 1, StateHeads);
        Norm(block + "ssm_norm", InnerWidth, 1);
        Matrix(block + "ssm_out", InnerWidth, Width);
    }

    private void WriteFeedForward(string block)
    {
        if (_architecture == "gpt-oss")
        {
            Norm(block + "post_attention_norm", Width);
            Matrix(block + "ffn_gate_inp", Width, Experts);
            Bias(block + "ffn_gate_inp", Experts);
            foreach (string name in (string[])["ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"])
            {
                Values($"{block}{name}.weight", Width, FeedForwardWidth, Experts);
                Values($"{block}{name}.bias", Width, Experts);
            }

            return;
        }

        if (_architecture != "cohere2")
        {
            Norm(block + "ffn_norm", Width);
        }

        Matrix(block + "ffn_gate", Width, FeedForwardWidth);
        Matrix(block + "ffn_up", Width, FeedForwardWidth);
        Matrix(block + "ffn_down", FeedForwardWidth, Width);
        if (_architecture == "gemma3")
        {
            Norm(block + "post_attention_norm", Width);
            Norm(block + "post_ffw_norm", Width);
        }
    }

    private bool Attends(int layer) => _architecture switch
    {
        "lfm2" or "granitehybrid" => layer % 3 == 2,
        "mamba2" => false,
        _ => true,
    };

    private string Key(string name) => $"{_architecture}.{name}";

    private void Matrix(string name, int columns, int rows) => Values($"{name}.weight", columns, rows);

    private void Bias(string name, int width) => Values($"{name}.bias", width);

    private void Norm(string name, int width, int rows = 0) =>
        _file.Tensor($"{name}.weight", [.. Enumerable.Repeat(1f, width)], rows == 0 ? [width] : [width, rows]);

    private void Values(string name, params ReadOnlySpan<int> dimensions)
    {
        int count = 1;
        foreach (int dimension in dimensions)
        {
            count *= dimension;
        }

        _file.Tensor(name, [.. Enumerable.Range(0, count).Select(_ => (_random.NextSingle() - 0.5f) * 0.5f)], dimensions);
    }
}
