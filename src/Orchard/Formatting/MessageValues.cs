using System.Text.Json;
using Orchard.Formatting.Forms;
using Orchard.Templates.Values;

namespace Orchard.Formatting;

/// <summary>Converts messages to values of the template language, with the names that chat templates use.</summary>
internal static class MessageValues
{
    private static readonly TemplateValue[] Keys = [TemplateValue.From("role"), TemplateValue.From("content")];

    public static TemplateValue From(IReadOnlyList<Message> messages, HistoryForm form)
    {
        var values = new TemplateValue[messages.Count];
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (form.HasNamesInIds)
        {
            messages = WithNamesInIds(messages);
        }

        for (int i = 0; i < values.Length; i++)
        {
            foreach (ToolCall call in messages[i].ToolCalls)
            {
                names[call.Id] = call.Name;
            }

            values[i] = From(messages[i], names, form);
        }

        return TemplateValue.From(new TemplateList(values));
    }

    private static TemplateValue From(Message message, Dictionary<string, string> toolNames, HistoryForm form)
    {
        if (message is { ToolCalls.Count: 0, ToolCallId: null, Reasoning: null })
        {
            return TemplateValue.From(new TemplateMap(
                Keys, [TemplateValue.From(NameOf(message.Role)), Content(message, form)], ValueComparer.Unbounded));
        }

        var values = new List<(string, TemplateValue)>
        {
            ("role", TemplateValue.From(NameOf(message.Role))),
        };
        EmptyContent empty = message is { ToolCalls.Count: > 0, Text.Length: 0 } ? form.Content : EmptyContent.Text;
        if (empty != EmptyContent.Missing)
        {
            values.Add(("content", empty == EmptyContent.None ? TemplateValue.None : Content(message, form)));
        }

        if (message.Reasoning is { } reasoning)
        {
            // Templates use either name.
            values.Add(("reasoning_content", TemplateValue.From(reasoning)));
            values.Add(("reasoning", TemplateValue.From(reasoning)));
            values.Add(("thinking", TemplateValue.From(reasoning)));
            values.Add(("thought", TemplateValue.From(reasoning)));
        }

        if (message.ToolCalls.Count > 0)
        {
            values.Add(("tool_calls", TemplateValue.From(new TemplateList([.. message.ToolCalls.Select(call => From(call, form))]))));
        }

        if (message.ToolCallId is { } id)
        {
            values.Add(("tool_call_id", TemplateValue.From(id)));
            values.Add(("name", TemplateValue.From(toolNames.GetValueOrDefault(id, ""))));
        }

        return Map(values);
    }

    private static TemplateValue Content(Message message, HistoryForm form) => !form.HasContentParts
        ? TemplateValue.From(message.Text)
        : TemplateValue.From(new TemplateList(
            [Map([("type", TemplateValue.From("text")), ("text", TemplateValue.From(message.Text))])]));

    private static Message[] WithNamesInIds(IReadOnlyList<Message> messages)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        int count = 0;
        return [.. messages.Select(message => message.WithCalls(
            [.. message.ToolCalls.Select(Rename)], message.ToolCallId is { } id ? ids.GetValueOrDefault(id, id) : null))];

        ToolCall Rename(ToolCall call) => new(ids[call.Id] = HistoryForm.IdOf(call.Name, count++), call.Name, call.Arguments);
    }

    private static TemplateValue From(ToolCall call, HistoryForm form) => Map(
    [
        ("id", TemplateValue.From(call.Id)),
        ("type", TemplateValue.From("function")),
        (
            "function",
            Map(
            [
                ("name", TemplateValue.From(call.Name)),
                ("arguments", form.HasTextArguments ? TemplateValue.From(call.Arguments) : Arguments(call.Arguments)),
            ])),
    ]);

    // Templates serialize arguments themselves. Arguments that are not JSON, from a failed call, are shown as the model wrote them.
    private static TemplateValue Arguments(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return JsonValues.From(json.RootElement);
        }
        catch (JsonException)
        {
            return TemplateValue.From(text);
        }
    }

    private static TemplateValue Map(List<(string Name, TemplateValue Value)> values) => TemplateValue.From(new TemplateMap(
        [.. values.Select(entry => TemplateValue.From(entry.Name))], [.. values.Select(entry => entry.Value)], ValueComparer.Unbounded));

    private static string NameOf(MessageRole role) => role switch
    {
        MessageRole.System => "system",
        MessageRole.User => "user",
        MessageRole.Assistant => "assistant",
        MessageRole.Tool => "tool",
        _ => throw new ChatTemplateException($"There is no role '{role}'. Use System, User, Assistant or Tool."),
    };
}
