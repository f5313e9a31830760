using System.Text.Json;
using Orchard.Validation;

namespace Orchard.Responses;

/// <summary>Reads items from OpenAI's JSON. Rejects what it does not support, so that no part of a conversation is lost.</summary>
internal static class ResponseItemReader
{
    /// <exception cref="ArgumentException">
    /// The input contains something that is not supported. The message says what, and where.
    /// </exception>
    public static IReadOnlyList<ResponseItem> Read(JsonElement input) => input.ValueKind switch
    {
        JsonValueKind.String => [MessageItem.User(Text(input, "input"))],
        JsonValueKind.Array => [.. input.EnumerateArray().Select((item, index) => ReadItem(item, $"input[{index}]"))],
        _ => throw Refuse($"input is {input.ValueKind}; allowed is a string or an array of items"),
    };

    private static ResponseItem ReadItem(JsonElement item, string path)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw Refuse($"{path} is {item.ValueKind}, not an object");
        }

        string type = item.TryGetProperty("type", out JsonElement given) ? Text(given, $"{path}.type") : "message";
        string? id = OptionalText(item, "id", path);
        ResponseItemStatus? status = ReadStatus(item, path);
        return type switch
        {
            "message" => new MessageItem(ReadRole(item, path), ReadParts(Member(item, "content", path), $"{path}.content"))
            {
                Id = id,
                Status = status,
            },
            "reasoning" => new ReasoningItem(ReadReasoning(item, path)) { Id = id, Status = status },
            "function_call" => new FunctionCallItem(
                MemberText(item, "call_id", path), MemberText(item, "name", path), MemberText(item, "arguments", path))
            {
                Id = id,
                Status = status,
            },
            "function_call_output" => new FunctionCallOutputItem(
                MemberText(item, "call_id", path), ReadParts(Member(item, "output", path), $"{path}.output"))
            {
                Id = id,
                Status = status,
            },
            "item_reference" => throw Refuse(
                $"{path} refers to an item of an earlier call, but Orchard stores nothing between calls; send the item itself"),
            _ => throw Refuse($"{path} has the type '{type}'; allowed is message, reasoning, function_call or function_call_output"),
        };
    }

    private static MessageRole ReadRole(JsonElement item, string path) => Text(Member(item, "role", path), $"{path}.role") switch
    {
        "system" or "developer" => MessageRole.System,
        "user" => MessageRole.User,
        "assistant" => MessageRole.Assistant,
        string role => throw Refuse($"{path}.role is '{role}'; allowed is system, developer, user or assistant"),
    };

    private static ResponseItemStatus? ReadStatus(JsonElement item, string path) => OptionalText(item, "status", path) switch
    {
        null => null,
        "in_progress" => ResponseItemStatus.InProgress,
        "completed" => ResponseItemStatus.Completed,
        "incomplete" => ResponseItemStatus.Incomplete,
        string status => throw Refuse($"{path}.status is '{status}'; allowed is in_progress, completed or incomplete"),
    };

    // Some services return only a summary of the reasoning.
    private static string ReadReasoning(JsonElement item, string path) =>
        item.TryGetProperty("content", out JsonElement content) && content.ValueKind != JsonValueKind.Null
            ? ReadTexts(content, $"{path}.content")
        : item.TryGetProperty("summary", out JsonElement summary) && summary.ValueKind != JsonValueKind.Null
            ? ReadTexts(summary, $"{path}.summary")
        : "";

    private static IReadOnlyList<ContentPart> ReadParts(JsonElement content, string path) => content.ValueKind switch
    {
        JsonValueKind.String => [new TextPart(Text(content, path))],
        JsonValueKind.Array => [.. content.EnumerateArray().Select((part, index) => ReadAnyPart(part, $"{path}[{index}]"))],
        _ => throw Refuse($"{path} is {content.ValueKind}; allowed is a string or an array of parts"),
    };

    private static ContentPart ReadAnyPart(JsonElement part, string path) =>
        part.ValueKind == JsonValueKind.Object
        && ResponseMediaShape.Read(part, Text(Member(part, "type", path), $"{path}.type"), path) is { } media
            ? media
            : new TextPart(ReadPart(part, path));

    private static string ReadTexts(JsonElement content, string path) => content.ValueKind switch
    {
        JsonValueKind.String => Text(content, path),
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select((part, index) => ReadPart(part, $"{path}[{index}]"))),
        _ => throw Refuse($"{path} is {content.ValueKind}; allowed is a string or an array of parts"),
    };

    private static string ReadPart(JsonElement part, string path)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            throw Refuse($"{path} is {part.ValueKind}, not an object");
        }

        string type = Text(Member(part, "type", path), $"{path}.type");
        return type is "input_text" or "output_text" or "reasoning_text" or "summary_text" or "text"
            ? Text(Member(part, "text", path), $"{path}.text")
            : throw Refuse($"{path} has the type '{type}'; only text, images and sound are supported");
    }

    private static string MemberText(JsonElement item, string name, string path) => Text(Member(item, name, path), $"{path}.{name}");

    private static JsonElement Member(JsonElement item, string name, string path) =>
        item.TryGetProperty(name, out JsonElement value) ? value : throw Refuse($"{path} has no '{name}'");

    private static string Text(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw Refuse($"{path} is {value.ValueKind}, not a string");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Refuse($"{path} cannot be read as text ({e.Message})", e);
        }
    }

    private static string? OptionalText(JsonElement item, string name, string path) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? Text(value, $"{path}.{name}") : null;

    private static ArgumentException Refuse(string problem, Exception? cause = null) =>
        OptionRange.Refuse("json", $"The input cannot be read: {problem}.", cause);
}
