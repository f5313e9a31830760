using System.Text.Json;
using Orchard.Validation;

namespace Orchard.Responses;

/// <summary>Reads items from OpenAI's JSON. Pure. What it does not know it refuses, so that nothing of a conversation gets lost.</summary>
internal static class ResponseItemReader
{
    /// <exception cref="ArgumentException">There is something that is not taken. The message says what, and where.</exception>
    public static IReadOnlyList<ResponseItem> Read(JsonElement input) => input.ValueKind switch
    {
        JsonValueKind.String => [MessageItem.User(Text(input, "input"))],
        JsonValueKind.Array => [.. input.EnumerateArray().Select((item, index) => ReadItem(item, $"input[{index}]"))],
        _ => throw Refuse($"input is {input.ValueKind}; allowed is a string or a list of items"),
    };

    private static ResponseItem ReadItem(JsonElement item, string path)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw Refuse($"{path} is {item.ValueKind}, not an object");
        }

        string type = item.TryGetProperty("type", out JsonElement given) ? Text(given, $"{path}.type") : "message";
        ResponseItem read = type switch
        {
            "message" => new MessageItem(ReadRole(item, path), ReadTexts(Member(item, "content", path), $"{path}.content")),
            "reasoning" => new ReasoningItem(ReadReasoning(item, path)),
            "function_call" => new FunctionCallItem(
                Text(Member(item, "call_id", path), $"{path}.call_id"), Text(Member(item, "name", path), $"{path}.name"), Text(Member(item, "arguments", path), $"{path}.arguments")),
            "function_call_output" => new FunctionCallOutputItem(
                Text(Member(item, "call_id", path), $"{path}.call_id"), ReadTexts(Member(item, "output", path), $"{path}.output")),
            "item_reference" => throw Refuse($"{path} refers to an item of an earlier call, but Orchard keeps no state between calls; send the item itself"),
            _ => throw Refuse($"{path} has the type '{type}'; allowed is message, reasoning, function_call or function_call_output"),
        };
        return read with { Id = OptionalText(item, "id", path), Status = ReadStatus(item, path) };
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

    // Models elsewhere show a summary of their thoughts only.
    private static string ReadReasoning(JsonElement item, string path) =>
        item.TryGetProperty("content", out JsonElement content) && content.ValueKind != JsonValueKind.Null ? ReadTexts(content, $"{path}.content")
        : item.TryGetProperty("summary", out JsonElement summary) && summary.ValueKind != JsonValueKind.Null ? ReadTexts(summary, $"{path}.summary")
        : "";

    private static string ReadTexts(JsonElement content, string path) => content.ValueKind switch
    {
        JsonValueKind.String => Text(content, path),
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select((part, index) => ReadPart(part, $"{path}[{index}]"))),
        _ => throw Refuse($"{path} is {content.ValueKind}; allowed is a string or a list of parts"),
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
            : throw Refuse($"{path} has the type '{type}'; only texts are taken");
    }

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
            throw Refuse($"{path} is no text that can be read ({e.Message})", e);
        }
    }

    private static string? OptionalText(JsonElement item, string name, string path) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? Text(value, $"{path}.{name}") : null;

    private static ArgumentException Refuse(string problem, Exception? cause = null) => OptionRange.Refuse("json", $"The input cannot be read: {problem}.", cause);
}
