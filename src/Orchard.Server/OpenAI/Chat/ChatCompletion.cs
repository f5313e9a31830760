using System.Text.Json.Serialization;

namespace Orchard.Server.OpenAI.Chat;

/// <summary>A chat completion.</summary>
internal sealed record ChatCompletion
{
    /// <summary>Identifies the completion.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>chat.completion</c>.</summary>
    public string Object { get; init; } = "chat.completion";

    /// <summary>Unix time in seconds.</summary>
    public required long Created { get; init; }

    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>The answers.</summary>
    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    /// <summary>Token counts.</summary>
    public required TokenUsage Usage { get; init; }
}

/// <summary>One answer.</summary>
internal sealed record ChatChoice
{
    /// <summary>Zero-based index.</summary>
    public required int Index { get; init; }

    /// <summary>The answer.</summary>
    public required AnswerMessage Message { get; init; }

    /// <summary>The tokens with their log probabilities.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ChatLogprobs? Logprobs { get; init; }

    /// <summary>Why generation ended.</summary>
    public required string FinishReason { get; init; }
}

/// <summary>A message of the model, or a part of one.</summary>
internal sealed record AnswerMessage
{
    /// <summary>Always <c>assistant</c>; null after the first part.</summary>
    public string? Role { get; init; }

    /// <summary>The text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Content { get; init; }

    /// <summary>The reasoning, by the name of DeepSeek, llama.cpp and Microsoft.Extensions.AI.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>The reasoning, by the name of OpenRouter and vLLM.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The tool calls.</summary>
    public IReadOnlyList<AnswerToolCall>? ToolCalls { get; init; }

    /// <summary>Always null: no model of ours refuses by another way than its text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Refusal { get; init; }
}

/// <summary>A tool call, or a part of one.</summary>
internal sealed record AnswerToolCall
{
    /// <summary>Zero-based index, in parts.</summary>
    public int? Index { get; init; }

    /// <summary>Identifies the call; null after the first part.</summary>
    public string? Id { get; init; }

    /// <summary>Always <c>function</c>; null after the first part.</summary>
    public string? Type { get; init; }

    /// <summary>The function with its arguments.</summary>
    public required AnswerFunction Function { get; init; }
}

/// <summary>A function with its arguments.</summary>
internal sealed record AnswerFunction
{
    /// <summary>Name of the function; null after the first part.</summary>
    public string? Name { get; init; }

    /// <summary>The arguments, JSON as text, or a part of it.</summary>
    public required string Arguments { get; init; }
}
