namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// Refuses files that the library would not refuse: for some metadata it ends the process, with the chats of all models, instead of
/// reporting an error.
/// </summary>
internal static class GgufRules
{
    private const int MaxLayers = 512; // LLAMA_MAX_LAYERS
    private const int MaxExperts = 1_024; // LLAMA_MAX_EXPERTS

    // With AVX-512, the library computes 64 numbers of a head at a time.
    private const int HeadStep = 64;

    private static readonly string[] RopeScalings = ["none", "linear", "yarn", "longrope"];

    /// <summary>
    /// Returns what the library cannot cope with, as the rest of a sentence about the file, and what to do; null if there is nothing.
    /// </summary>
    public static string? FindProblem(GgufMetadata metadata)
    {
        long layers = metadata.GetForArchitecture("block_count")?.Sum ?? 1; // the library reports a missing one
        string? scaling = metadata.GetName($"{metadata.Architecture}.rope.scaling.type");
        if (layers is < 1 or > MaxLayers)
        {
            return $"has {layers:N0} layers, but llama.cpp supports 1 to {MaxLayers}. Convert the model again.";
        }

        if ((metadata.GetForArchitecture("nextn_predict_layers")?.Sum ?? 0) > layers)
        {
            return $"has more layers for the prediction of tokens than its {layers} layers. Convert the model again.";
        }

        if (scaling is not null && !RopeScalings.Contains(scaling))
        {
            return $"has RoPE scaling of type '{scaling}', but llama.cpp knows {string.Join(", ", RopeScalings)} only. "
                + "Convert the model again with the converter of llama.cpp.";
        }

        return FindProblemOfHeads(metadata)
            ?? FindUnreadableNumber(metadata)
            ?? FindProblemOfExperts(metadata)
            ?? FindProblemOfVocabulary(metadata);
    }

    private static string? FindProblemOfHeads(GgufMetadata metadata)
    {
        long size = metadata.Architecture is "rwkv7" or "arwkv7" ? metadata.GetForArchitecture("wkv.head_size")?.Sum ?? 0 : 0;
        return size % HeadStep == 0
            ? null
            : $"has heads of {size:N0} numbers, but llama.cpp computes RWKV-7 with multiples of {HeadStep} only. "
                + "Use a model with heads of 64 numbers, as all published ones have.";
    }

    private static string? FindUnreadableNumber(GgufMetadata metadata)
    {
        if (metadata.Get("general.alignment") is { Type: not GgufValueType.UInt32 } alignment)
        {
            return $"has its alignment as {alignment.Type}, which llama.cpp does not read. Convert the model again.";
        }

        string[] perLayer = ["attention.head_count", "attention.head_count_kv", "expert_used_count"];
        string? unreadable = Array.Find(
            perLayer, name => metadata.GetForArchitecture(name) is { Count: > 1, Type: var type } && !IsReadInArrays(type));
        return unreadable is null
            ? null
            : $"has '{unreadable}' as an array of {metadata.GetForArchitecture(unreadable)!.Value.Type}, "
                + "but llama.cpp reads arrays of 32-bit numbers only. Convert the model again.";
    }

    private static bool IsReadInArrays(GgufValueType type) =>
        type is GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Boolean;

    private static string? FindProblemOfExperts(GgufMetadata metadata)
    {
        long experts = metadata.GetForArchitecture("expert_count")?.Sum ?? 0;
        long used = metadata.GetForArchitecture("expert_used_count")?.Max ?? 0;
        long groups = metadata.GetForArchitecture("expert_group_count")?.Sum ?? 0;
        long usedGroups = metadata.GetForArchitecture("expert_group_used_count")?.Sum ?? 0;
        bool isSound = experts == 0
            ? used == 0 && groups == 0
            : experts <= MaxExperts && used >= 1 && used <= experts && groups < experts
                && (groups <= 1 || (experts % groups == 0 && usedGroups >= 1 && usedGroups < groups));

        // These architectures allow a single expert that is none.
        return isSound || (experts == 1 && metadata.Architecture is "hunyuan-dense" or "hunyuan_vl")
            ? null
            : $"uses {used:N0} of {experts:N0} experts and {usedGroups:N0} of {groups:N0} groups of them, "
                + "which llama.cpp does not support. Convert the model again.";
    }

    private static string? FindProblemOfVocabulary(GgufMetadata metadata)
    {
        string? model = metadata.GetName("tokenizer.ggml.model");
        if (model is "none" or "no_vocab")
        {
            return "has no vocabulary. Use a model that reads and writes text.";
        }

        if (metadata.Vocabulary is not { } vocabulary)
        {
            return null; // the library reports it
        }

        // The library appends a mark to some tokens of this vocabulary.
        if (model != "hybriddna" && vocabulary.Duplicates is (int first, int second))
        {
            return $"has the same token twice in its vocabulary (tokens {first} and {second}), which llama.cpp does not support. "
                + "Use another conversion of the model.";
        }

        (string kind, byte? missing) = model switch
        {
            "llama" => ("SentencePiece", vocabulary.MissingByte),
            "rwkv" => ("RWKV", vocabulary.MissingEscapedByte),
            _ => ("", null),
        };
        return missing is null
            ? null
            : $"has no token for the byte 0x{missing:X2} in its {kind} vocabulary, so that llama.cpp could not read every text. "
                + "Use another conversion of the model.";
    }
}
