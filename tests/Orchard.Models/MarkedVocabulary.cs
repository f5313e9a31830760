using System.Globalization;

namespace Orchard.TestModels;

/// <summary>Models that are nothing but a vocabulary: tokens of every type, for each tokenizer of the native library.</summary>
public static class MarkedVocabulary
{
    private const int Width = 32;
    private const int Normal = 1;
    private const int Unknown = 2;
    private const int Control = 3;
    private const int UserDefined = 4;
    private const int Unused = 5;
    private const int Byte = 6;
    private const string Space = "\u2581";

    /// <summary>The control token that is a single character, which no ordinary tokens of some tokenizers can spell.</summary>
    public const string OneCharacter = "※";

    /// <summary>Names of the tokenizers in the metadata.</summary>
    public static IReadOnlyList<string> Tokenizers { get; } = ["gpt2", "gemma4", "llama", "t5", "rwkv", "bert", "plamo2"];

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
        (Space + "halt", Control), // most tokenizers write a space like this, so that it is found in other text than its own
        (Space + "insert", UserDefined),
        (OneCharacter, Control),
    ];

    /// <summary>User-defined tokens that mark nothing, such as those of Gemma for runs of white space.</summary>
    public static IReadOnlyList<string> Ordinary { get; } = ["\n\n", "  ", "→", "\U0001F511", "\U0001F44D\U0001F3FD"];

    /// <summary>Writes a model.</summary>
    /// <param name="path">The path.</param>
    /// <param name="tokenizer">Name of the tokenizer.</param>
    public static void Write(string path, string tokenizer)
    {
        string[] marks = [.. Marks.Select(static mark => mark.Text)];
        (string Text, int Type, float Score)[] tokens =
        [
            .. Marks.Select(static mark => (mark.Text, mark.Type, 0f)),
            .. Ordinary.Select(static text => (text, UserDefined, 0f)),
            .. OrdinaryTokens(tokenizer),
        ];
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
            .Texts("tokenizer.ggml.tokens", [.. tokens.Select(static token => token.Text)])
            .Numbers("tokenizer.ggml.token_type", [.. tokens.Select(static token => token.Type)])
            .Numbers("tokenizer.ggml.scores", [.. tokens.Select(static token => token.Score)])
            .Texts("tokenizer.ggml.merges", tokenizer == "gpt2" ? [ByteVocabulary.Merge] : [.. Steps().Select(static step => $"{step[..^1]} {step[^1]}")])
            .Number("tokenizer.ggml.unknown_token_id", Array.IndexOf(marks, "<unk>"))
            .Number("tokenizer.ggml.seperator_token_id", Array.IndexOf(marks, "</s>"))
            .Number("tokenizer.ggml.bos_token_id", Array.IndexOf(marks, "<s>"))
            .Number("tokenizer.ggml.eos_token_id", Array.IndexOf(marks, "</s>"));
        WriteTensors(file, tokens.Length);
        file.Save(path);
    }

    private static IEnumerable<(string Text, int Type, float Score)> OrdinaryTokens(string tokenizer)
    {
        IEnumerable<string> characters = Enumerable.Range('!', '~' - '!' + 1).Select(static code => $"{(char)code}");
        IEnumerable<(string Text, int Type, float Score)> bytes = Enumerable.Range(0, 256).Select(static value => ($"<0x{value:X2}>", Byte, 0f));
        IEnumerable<(string Text, int Type, float Score)> singles = characters.Select(static text => (text, Normal, -100f));
        return tokenizer switch
        {
            "gpt2" => ByteVocabulary.Create([], 258).Select(static text => (text, Normal, 0f)),
            "rwkv" => Enumerable.Range(0, 256).Select(static value => (Escape((byte)value), Normal, 0f)),
            "bert" => [.. singles, (Space + Space, Normal, 0f), .. characters.Select(static text => (Space + text, Normal, 0f))],
            "plamo2" => [.. bytes, .. singles, (" ", Normal, -100f)],
            "t5" => [("\n", Normal, -100f), .. Pieces()],
            _ => [.. bytes, .. Pieces()],
        };

        IEnumerable<(string Text, int Type, float Score)> Pieces() =>
        [
            (Space, Normal, -100f),
            .. singles,
            .. Steps().Select(static step => (step, Normal, -4f)),
            ("<s", Normal, -1f), // with the next character, it becomes a control token
            ("<|", Normal, -2f),
            ("|>", Normal, -3f),
        ];
    }

    // The tokens from which marks that begin with a space are made, letter by letter.
    private static IEnumerable<string> Steps() => Marks
        .Where(static mark => mark.Text.StartsWith(Space, StringComparison.Ordinal))
        .SelectMany(static mark => Enumerable.Range(2, mark.Text.Length - 2).Select(length => mark.Text[..length]));

    private static string Escape(byte value) => (char)value switch
    {
        '\t' => "\\t",
        '\n' => "\\n",
        '\r' => "\\r",
        '\\' => "\\\\",
        >= ' ' and <= '~' and var character => $"{character}",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
    };

    private static void WriteTensors(GgufFile file, int tokens)
    {
        Matrix("token_embd", tokens);
        Norm("output_norm");
        Norm("blk.0.attn_norm");
        Norm("blk.0.ffn_norm");
        foreach (string name in (string[])["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"])
        {
            Matrix($"blk.0.{name}", Width);
        }

        void Matrix(string name, int rows) => file.Tensor($"{name}.weight", new float[Width * rows], Width, rows);

        void Norm(string name) => file.Ones($"{name}.weight", Width);
    }
}
