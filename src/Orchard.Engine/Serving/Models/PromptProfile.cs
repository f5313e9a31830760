namespace Orchard.Engine.Serving.Models;

/// <summary>
/// Chooses the <c>model_type</c> by which PIE-compatible clients select the profile that renders their prompts. A GGUF file names only its
/// architecture, which says nothing about the format of its prompts: a model of the llama architecture can have been trained on any.
/// </summary>
internal static class PromptProfile
{
    // The clients' profiles, by texts that only chat templates of that format contain. The first match counts.
    private static readonly (string[] Signs, string ModelType)[] Formats =
    [
        (["<|channel|>", "<|message|>"], "gpt_oss"),
        (["<|start_header_id|>"], "llama3"),
        (["<|turn>"], "gemma4"),
        (["<start_of_turn>"], "gemma3"),
        (["<|start_of_role|>"], "granite"),
        (["[gMASK]"], "glm4_moe"),
    ];

    // The profiles for ChatML, each for the architecture of that name.
    private static readonly string[] ChatMl = ["afmoe", "lfm2", "lfm2_moe", "nemotron_h", "nemotron_h_moe", "olmo_hybrid"];

    private const string ChatMlStart = "<|im_start|>";

    /// <summary>Returns the model type: that of the template's format, or else the architecture.</summary>
    public static string Of(string architecture, string? template)
    {
        if (template is null)
        {
            return architecture;
        }

        foreach ((string[] signs, string modelType) in Formats)
        {
            if (Array.TrueForAll(signs, sign => template.Contains(sign, StringComparison.Ordinal)))
            {
                return modelType;
            }
        }

        return template.Contains(ChatMlStart, StringComparison.Ordinal) && !ChatMl.Contains(architecture) ? "qwen3_5" : architecture;
    }
}
