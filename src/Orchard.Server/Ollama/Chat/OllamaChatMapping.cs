using System.Text.Json;
using Orchard.Server.Generation;

namespace Orchard.Server.Ollama.Chat;

/// <summary>Maps requests to chat to prompts, and answers to lines. Pure.</summary>
internal static class OllamaChatMapping
{
    private static readonly JsonElement NoArguments = Parse("{}")!.Value;

    /// <summary>Returns the conversation and how to continue it; null if the model is only to be loaded.</summary>
    /// <param name="request">The body.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    public static ChatPrompt? ToPrompt(OllamaChatRequest request, ICollection<string> ignored)
    {
        IReadOnlyList<Message> messages = OllamaMessages.Read(new Field("messages", request.Messages));
        GenerationOptions options = OllamaOptions.Read(
            new Field("options", request.Options),
            request.Fields,
            ignored,
            ToolFields.Read(new Field("tools", request.Tools), ignored));
        return messages.Count == 0
            ? null
            : new ChatPrompt(messages, ToolChoiceField.Apply(options, new Field("tool_choice", request.ToolChoice)));
    }

    /// <summary>Returns the line of a part; null if it adds nothing.</summary>
    /// <param name="part">The part.</param>
    /// <param name="frame">A line with the members that all have in common.</param>
    public static OllamaChatLine? ToLine(ChatDelta part, OllamaChatLine frame)
    {
        OllamaToolCall[] calls = [.. part.ToolCalls.Where(static call => call.Call is not null).Select(ToCall)];
        return part.Text.Length + part.Reasoning.Length + calls.Length == 0
            ? null
            : frame with
            {
                Message = new OllamaMessage
                {
                    Content = part.Text,
                    Thinking = part.Reasoning.Length > 0 ? part.Reasoning : null,
                    ToolCalls = calls.Length > 0 ? calls : null,
                },
            };
    }

    /// <summary>Returns the only line of an answer that is not streamed.</summary>
    /// <param name="lines">The lines of its parts.</param>
    /// <param name="end">The last line.</param>
    public static OllamaChatLine Join(IReadOnlyList<OllamaChatLine> lines, OllamaChatLine end)
    {
        string thinking = string.Concat(lines.Select(static line => line.Message.Thinking));
        OllamaToolCall[] calls = [.. lines.SelectMany(static line => line.Message.ToolCalls ?? [])];
        return end with
        {
            Message = new OllamaMessage
            {
                Content = string.Concat(lines.Select(static line => line.Message.Content)),
                Thinking = thinking.Length > 0 ? thinking : null,
                ToolCalls = calls.Length > 0 ? calls : null,
            },
        };
    }

    // A call that was cut short has no arguments that could be written as an object.
    private static OllamaToolCall ToCall(ToolCallDelta call) => new()
    {
        Id = call.Id,
        Function = new OllamaFunction { Index = call.Index, Name = call.Name, Arguments = Parse(call.Call!.Arguments) ?? NoArguments },
    };

    private static JsonElement? Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
