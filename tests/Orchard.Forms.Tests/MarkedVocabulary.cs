using Orchard.TestModels;

namespace Orchard.Forms.Tests;

/// <summary>Writes models that are nothing but a vocabulary with tokens of every type.</summary>
internal static class MarkedVocabulary
{
    private const int Width = 32;
    private const int Unknown = 2;
    private const int Control = 3;
    private const int UserDefined = 4;
    private const int Unused = 5;

    /// <summary>The tokens that mark something, and their types as a converter writes them.</summary>
    public static IReadOnlyList<(string Text, int Type)> Marks { get; } =
    [
        ("<unk>", Unknown),
        ("<s>", Control),
        ("</s>", Control),
        ("<|user|>", Control),
        ("<|assistant|>", Control),
        ("<|tool|>", Control),
        ("<|end|>", Control),
        ("<call>", UserDefined),
        ("</call>", UserDefined),
        ("<think>", UserDefined),
        ("</think>", UserDefined),
        ("[RESULT]", UserDefined),
        ("added", UserDefined),
        ("<spare_1>", Unused),
    ];

    /// <summary>Writes the model.</summary>
    /// <param name="path">The path.</param>
    /// <param name="tokenizer"><c>gpt2</c>: bytes and merges; <c>llama</c>: characters and scores, where any token can be merged.</param>
    public static void Write(string path, string tokenizer)
    {
        string[] marks = [.. Marks.Select(mark => mark.Text)];
        List<(string Text, int Type, float Score)> tokens = [.. Marks.Select(mark => (mark.Text, mark.Type, 0f))];
        if (tokenizer == "gpt2")
        {
            tokens.AddRange(ByteVocabulary.Create([], 258).Select(text => (text, 1, 0f)));
        }
        else
        {
            tokens.AddRange(Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 6, 0f)));
            tokens.AddRange(Enumerable.Range('!', '~' - '!' + 1).Select(code => ($"{(char)code}", 1, -100f)).Prepend(("\u2581", 1, -100f)));

            // The last one becomes a control token with the next character.
            tokens.AddRange([("<s", 1, -1f), ("<|", 1, -2f), ("|>", 1, -3f)]);
        }

        var file = new GgufFile()
            .Text("general.architecture", "llama")
            .Number("llama.context_length", 64)
            .Number("llama.embedding_length", Width)
            .Number("llama.block_count", 1)
            .Number("llama.feed_forward_length", Width)
            .Number("llama.attention.head_count", 1)
            .Number("llama.attention.head_count_kv", 1)
            .Number("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .Text("tokenizer.ggml.model", tokenizer)
            .Text("tokenizer.ggml.pre", "default")
            .Texts("tokenizer.ggml.tokens", [.. tokens.Select(token => token.Text)])
            .Numbers("tokenizer.ggml.token_type", [.. tokens.Select(token => token.Type)])
            .Numbers("tokenizer.ggml.scores", [.. tokens.Select(token => token.Score)])
            .Texts("tokenizer.ggml.merges", [ByteVocabulary.Merge])
            .Number("tokenizer.ggml.unknown_token_id", Array.IndexOf(marks, "<unk>"))
            .Number("tokenizer.ggml.bos_token_id", Array.IndexOf(marks, "<s>"))
            .Number("tokenizer.ggml.eos_token_id", Array.IndexOf(marks, "</s>"));
        Matrix("token_embd", tokens.Count);
        Norm("output_norm");
        Norm("blk.0.attn_norm");
        Norm("blk.0.ffn_norm");
        foreach (string name in (string[])["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"])
        {
            Matrix($"blk.0.{name}", Width);
        }

        file.Save(path);

        void Matrix(string name, int rows) => file.Tensor($"{name}.weight", new float[Width * rows], Width, rows);

        void Norm(string name) => file.Ones($"{name}.weight", Width);
    }
}
