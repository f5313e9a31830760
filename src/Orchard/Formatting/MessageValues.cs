using Orchard.Formatting.Templates.Values;

namespace Orchard.Formatting;

/// <summary>Messages as values of the template language, under the names that chat templates use.</summary>
internal static class MessageValues
{
    private static readonly TemplateValue[] Keys = [TemplateValue.From("role"), TemplateValue.From("content")];

    public static TemplateValue From(IReadOnlyList<Message> messages)
    {
        var values = new TemplateValue[messages.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = From(messages[i]);
        }

        return TemplateValue.FromList(new TemplateList(values));
    }

    private static TemplateValue From(Message message) => TemplateValue.From(new TemplateMap(
        Keys, [TemplateValue.From(NameOf(message.Role)), TemplateValue.From(message.Content)], ValueComparer.Unbounded));

    private static string NameOf(MessageRole role) => role switch
    {
        MessageRole.System => "system",
        MessageRole.User => "user",
        MessageRole.Assistant => "assistant",
        _ => throw new ChatTemplateException($"There is no role '{role}'. Use System, User or Assistant."),
    };
}
