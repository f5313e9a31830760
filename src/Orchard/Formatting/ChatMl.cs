namespace Orchard.Formatting;

/// <summary>ChatML, the most common form of conversations: how a model without a chat template of its own is spoken to.</summary>
internal static class ChatMl
{
    public const string TurnStart = "<|im_start|>";
    public const string TurnEnd = "<|im_end|>";

    public const string Template =
        "{% for message in messages %}{{ '" + TurnStart + "' + message.role + '\\n' + message.content + '" + TurnEnd + "\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '" + TurnStart + "assistant\\n' }}{% endif %}";

    /// <summary>Nothing says that the model's vocabulary has the end of turn: it may come as plain text.</summary>
    public static readonly IReadOnlyList<string> StopSequences = [TurnEnd];
}
