using System.Text.Json;

namespace Orchard.Server.Ollama.Chat;

/// <summary>Body of a request to chat.</summary>
internal sealed record OllamaChatRequest : OllamaAnswerRequest
{
    /// <summary>The conversation; without one the model is only loaded.</summary>
    public JsonElement Messages { get; init; }

    /// <summary>Tools that the model can call.</summary>
    public JsonElement Tools { get; init; }

    /// <summary>Whether the model calls tools, an extension.</summary>
    public JsonElement ToolChoice { get; init; }
}

/// <summary>An answer, or a part of one.</summary>
internal sealed record OllamaChatLine : OllamaAnswerLine
{
    /// <summary>The answer, or what to append to it.</summary>
    public required OllamaMessage Message { get; init; }
}

/// <summary>A message of the model.</summary>
internal sealed record OllamaMessage
{
    /// <summary>Always <c>assistant</c>.</summary>
    public string Role { get; init; } = "assistant";

    /// <summary>The text.</summary>
    public required string Content { get; init; }

    /// <summary>The reasoning.</summary>
    public string? Thinking { get; init; }

    /// <summary>The tool calls.</summary>
    public IReadOnlyList<OllamaToolCall>? ToolCalls { get; init; }
}

/// <summary>A tool call.</summary>
internal sealed record OllamaToolCall
{
    /// <summary>Identifies the call.</summary>
    public required string Id { get; init; }

    /// <summary>The function with its arguments.</summary>
    public required OllamaFunction Function { get; init; }
}

/// <summary>A function with its arguments.</summary>
internal sealed record OllamaFunction
{
    /// <summary>Zero-based index of the call.</summary>
    public required int Index { get; init; }

    /// <summary>Name of the function.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments, an object.</summary>
    public required JsonElement Arguments { get; init; }
}
