using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.Anthropic.Messages;

/// <summary>A message of the model.</summary>
internal sealed record AnswerMessage
{
    /// <summary>Identifies the message.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>message</c>.</summary>
    public string Type { get; init; } = "message";

    /// <summary>Always <c>assistant</c>.</summary>
    public string Role { get; init; } = "assistant";

    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>The blocks of the answer.</summary>
    public IReadOnlyList<AnswerBlock> Content { get; init; } = [];

    /// <summary>Why generation ended; null at the start of a stream.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopReason { get; init; }

    /// <summary>Always null: the engine does not tell which stop sequence ended the answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StopSequence { get; init; }

    /// <summary>Token counts.</summary>
    public required AnswerUsage Usage { get; init; }
}

/// <summary>A block of an answer: reasoning, text or a tool call.</summary>
internal sealed record AnswerBlock
{
    /// <summary><c>thinking</c>, <c>text</c> or <c>tool_use</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The text.</summary>
    public string? Text { get; init; }

    /// <summary>The reasoning.</summary>
    public string? Thinking { get; init; }

    /// <summary>Always empty, with reasoning: nothing has to be proved to this server.</summary>
    public string? Signature { get; init; }

    /// <summary>Identifies the call.</summary>
    public string? Id { get; init; }

    /// <summary>Name of the tool.</summary>
    public string? Name { get; init; }

    /// <summary>The arguments, an object.</summary>
    public JsonElement? Input { get; init; }
}

/// <summary>Token counts.</summary>
internal sealed record AnswerUsage
{
    /// <summary>Tokens of the prompt that were computed.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Always 0: writing to the prefix cache costs nothing.</summary>
    public int CacheCreationInputTokens { get; init; }

    /// <summary>Tokens of the prompt that were in the prefix cache.</summary>
    public required int CacheReadInputTokens { get; init; }

    /// <summary>Tokens of the answer.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>Returns the JSON of token counts.</summary>
    public static AnswerUsage Of(Usage usage) => new()
    {
        InputTokens = usage.PromptTokens - usage.CachedTokens,
        CacheReadInputTokens = usage.CachedTokens,
        OutputTokens = usage.CompletionTokens,
    };
}

/// <summary>An event of a stream.</summary>
internal sealed record MessageEvent
{
    /// <summary>Type of the event.</summary>
    public required string Type { get; init; }

    /// <summary>The message without content, at the start.</summary>
    public AnswerMessage? Message { get; init; }

    /// <summary>Zero-based index of the block.</summary>
    public int? Index { get; init; }

    /// <summary>The empty block, at its start.</summary>
    public AnswerBlock? ContentBlock { get; init; }

    /// <summary>What to append to the block, or to change in the message.</summary>
    public EventDelta? Delta { get; init; }

    /// <summary>Token counts, with the last change of the message.</summary>
    public AnswerUsage? Usage { get; init; }
}

/// <summary>What to append to a block, or to change in the message.</summary>
internal sealed record EventDelta
{
    /// <summary><c>text_delta</c>, <c>thinking_delta</c> or <c>input_json_delta</c>; null for the message.</summary>
    public string? Type { get; init; }

    /// <summary>Text to append.</summary>
    public string? Text { get; init; }

    /// <summary>Reasoning to append.</summary>
    public string? Thinking { get; init; }

    /// <summary>JSON to append to the arguments.</summary>
    public string? PartialJson { get; init; }

    /// <summary>Why generation ended.</summary>
    public string? StopReason { get; init; }
}

/// <summary>Number of tokens of a prompt.</summary>
internal sealed record TokenCount
{
    /// <summary>The number.</summary>
    public required int InputTokens { get; init; }
}
