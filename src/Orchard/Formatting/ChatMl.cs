namespace Orchard.Formatting;

/// <summary>ChatML, the most common chat format. Used for models without a chat template.</summary>
internal static class ChatMl
{
    public const string TurnStart = "<|im_start|>";
    public const string TurnEnd = "<|im_end|>";

    public const string Template =
        "{% for message in messages %}{{ '" + TurnStart + "' + message.role + '\\n' + message.content + '" + TurnEnd + "\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '" + TurnStart + "assistant\\n' }}{% endif %}";

    /// <summary>The end of a turn. The model's vocabulary may not have a token for it, so it may be generated as plain text.</summary>
    public static readonly IReadOnlyList<string> StopSequences = [TurnEnd];
}
