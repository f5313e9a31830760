namespace Orchard.Engine.Inference.Gguf;

/// <summary>Finds the special tokens of a GGUF file, by their Hugging Face names.</summary>
internal static class SpecialTokenNames
{
    private static readonly (string Name, string Key)[] Roles =
    [
        ("bos_token", "bos"), ("eos_token", "eos"), ("unk_token", "unknown"), ("sep_token", "seperator"), ("sep_token", "separator"),
        ("pad_token", "padding"), ("cls_token", "cls"), ("mask_token", "mask"),
    ];

    public static Dictionary<string, int> Find(GgufMetadata metadata)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string name, string key) in Roles)
        {
            if (metadata.Get($"tokenizer.ggml.{key}_token_id")?.Sum is >= 0 and <= int.MaxValue and var id)
            {
                found[name] = (int)id;
            }
        }

        return found;
    }
}
