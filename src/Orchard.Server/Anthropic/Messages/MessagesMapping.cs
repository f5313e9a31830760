using System.Text.Json;
using Orchard.Server.Generation;

namespace Orchard.Server.Anthropic.Messages;

/// <summary>Maps requests for messages to prompts, and answers to messages. Pure.</summary>
internal static class MessagesMapping
{
    private static readonly JsonElement NoInput = Parse("{}");

    /// <summary>Returns the conversation and how to continue it.</summary>
    /// <param name="request">The body.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    public static ChatPrompt ToPrompt(MessagesRequest request, ICollection<string> ignored)
    {
        var start = new GenerationOptions
        {
            Tools = ToolFields.Read(new Field("tools", request.Tools), ignored),
            IgnoreUnsupportedReasoning = true,
        };
        GenerationOptions options = GenerationFields.ApplyTo(start, request.Fields, ignored);
        options = ApplyOutput(options, new Field("output_config", request.OutputConfig), new Field("output_format", request.OutputFormat));
        return new ChatPrompt(
            Conversation.Read(new Field("system", request.System), new Field("messages", request.Messages)),
            ToolChoiceField.Apply(options, new Field("tool_choice", request.ToolChoice)));
    }

    /// <summary>Returns the message of an answer.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="frame">A message with the members besides the content.</param>
    public static AnswerMessage ToMessage(ChatResult result, AnswerMessage frame)
    {
        var blocks = new List<AnswerBlock>();
        if (result.Reasoning.Length > 0)
        {
            blocks.Add(new AnswerBlock { Type = "thinking", Thinking = result.Reasoning, Signature = "" });
        }

        if (result.Text.Length > 0)
        {
            blocks.Add(new AnswerBlock { Type = "text", Text = result.Text });
        }

        blocks.AddRange(result.ToolCalls.Select(static call => new AnswerBlock
        {
            Type = "tool_use",
            Id = call.Id,
            Name = call.Name,
            Input = ToInput(call.Arguments),
        }));
        return frame with
        {
            Content = blocks,
            StopReason = ReasonOf(result.FinishReason),
            Usage = AnswerUsage.Of(result.Usage),
        };
    }

    /// <summary>Returns the name of a finish reason.</summary>
    public static string ReasonOf(FinishReason reason) => reason switch
    {
        FinishReason.Length => "max_tokens",
        FinishReason.ToolCalls => "tool_use",
        FinishReason.ContentFilter => "refusal",
        _ => "end_turn",
    };

    private static GenerationOptions ApplyOutput(GenerationOptions options, Field config, Field format)
    {
        if (config.IsObject && config.Member("effort") is { IsAbsent: false } effort)
        {
            options = ReasoningField.Apply(options, effort);
        }

        Field chosen = config.IsObject && config.Member("format") is { IsAbsent: false } inner ? inner : format;
        return chosen.IsAbsent ? options : options with { ResponseFormat = FormatField.Read(chosen) };
    }

    // A call that was cut short has no arguments that could be written as an object.
    private static JsonElement ToInput(string arguments)
    {
        try
        {
            return Parse(arguments);
        }
        catch (JsonException)
        {
            return NoInput;
        }
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
