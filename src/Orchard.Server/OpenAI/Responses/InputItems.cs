using System.Text;
using System.Text.Json;
using Orchard.Responses;
using Orchard.Server.Generation;

namespace Orchard.Server.OpenAI.Responses;

/// <summary>Reads the input of a request for a response. Items that only another service could have made are left out. Pure.</summary>
internal static class InputItems
{
    /// <summary>Returns the items.</summary>
    /// <param name="input">A text or a list of items.</param>
    /// <param name="ignored">Receives what was left out.</param>
    /// <param name="find">Returns a stored item by its id; null if there is none.</param>
    public static IReadOnlyList<ResponseItem> Read(Field input, ICollection<string> ignored, Func<string, ResponseItem?> find)
    {
        const string allowed = "a string or a list of items";
        if (input.IsText)
        {
            return [MessageItem.User(input.ToText())];
        }

        var items = new List<ResponseItem>();
        foreach (Field item in input.Items(allowed))
        {
            if (!item.IsObject)
            {
                throw item.Invalid("an object");
            }

            Field type = item.Member("type");
            string name = type.IsAbsent ? "message" : type.ToText();
            if (ReadItem(item, name, find) is { } known)
            {
                items.Add(known);
            }
            else
            {
                ignored.Add($"{item.Name}.{name}");
            }
        }

        return items;
    }

    private static ResponseItem? ReadItem(Field item, string type, Func<string, ResponseItem?> find) => type switch
    {
        "message" => Message(item),
        "reasoning" => Reasoning(item),
        "function_call" => new FunctionCallItem(CallId(item), item.Member("name").ToText(), CallArguments.Read(item.Member("arguments"))),
        "custom_tool_call" => new FunctionCallItem(CallId(item), item.Member("name").ToText(), Input(item.Member("input").ToText())),
        "local_shell_call" => new FunctionCallItem(CallId(item), "local_shell", Action(item.Member("action"))),
        "function_call_output" or "custom_tool_call_output" or "local_shell_call_output" or "shell_call_output" =>
            new FunctionCallOutputItem(CallId(item), Output(item.Member("output"))),
        "item_reference" => find(item.Member("id").ToText()) ?? throw item.Member("id").Invalid("the id of an item of a stored response"),
        _ => null,
    };

    private static MessageItem Message(Field item)
    {
        Field role = item.Member("role");
        Field content = item.Member("content");
        return role.ToText() switch
        {
            "system" or "developer" => MessageItem.System(ContentField.ReadText(content)),
            "user" => MessageItem.User(ContentField.Read(content)),
            "assistant" => MessageItem.Assistant(ContentField.ReadText(content)),
            _ => throw role.Invalid("system, developer, user or assistant"),
        };
    }

    // Some clients keep only a summary of the reasoning.
    private static ReasoningItem Reasoning(Field item)
    {
        string text = ContentField.ReadText(item.Member("content"));
        return new ReasoningItem(text.Length > 0 ? text : ContentField.ReadText(item.Member("summary")));
    }

    private static string CallId(Field item) => item.Member("call_id").ToText();

    private static IReadOnlyList<ContentPart> Output(Field field) =>
        field.IsObject ? [new TextPart(field.Value.GetRawText())] : ContentField.Read(field);

    private static string Action(Field field) => field.IsObject ? field.Value.GetRawText() : "{}";

    private static string Input(string text)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("input", text);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
