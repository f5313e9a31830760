using System.Text.Json.Serialization;

namespace Orchard.Server.OpenAI.Chat;

/// <summary>A part of a streamed chat completion.</summary>
internal sealed record ChatCompletionChunk
{
    /// <summary>Identifies the completion.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>chat.completion.chunk</c>.</summary>
    public string Object { get; init; } = "chat.completion.chunk";

    /// <summary>Unix time in seconds.</summary>
    public required long Created { get; init; }

    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>Parts of answers; empty in the chunk with the token counts.</summary>
    public required IReadOnlyList<ChunkChoice> Choices { get; init; }

    /// <summary>Token counts, in the last chunk if they were asked for.</summary>
    public TokenUsage? Usage { get; init; }
}

/// <summary>A part of one answer.</summary>
internal sealed record ChunkChoice
{
    /// <summary>Zero-based index of the answer.</summary>
    public required int Index { get; init; }

    /// <summary>What to append to the answer.</summary>
    public required ChunkDelta Delta { get; init; }

    /// <summary>The tokens of the part with their log probabilities.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ChatLogprobs? Logprobs { get; init; }

    /// <summary>Why generation ended; null until the last part.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }
}

/// <summary>What to append to an answer.</summary>
internal sealed record ChunkDelta
{
    /// <summary><c>assistant</c>, in the first part.</summary>
    public string? Role { get; init; }

    /// <summary>Text.</summary>
    public string? Content { get; init; }

    /// <summary>Reasoning, by the name of DeepSeek, llama.cpp and Microsoft.Extensions.AI.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>Reasoning, by the name of OpenRouter and vLLM.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Parts of tool calls.</summary>
    public IReadOnlyList<AnswerToolCall>? ToolCalls { get; init; }
}
