using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.Ollama.Chat;

/// <summary>Body of a request to chat.</summary>
internal sealed record OllamaChatRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The conversation; without one the model is only loaded.</summary>
    public JsonElement Messages { get; init; }

    /// <summary>Tools that the model can call.</summary>
    public JsonElement Tools { get; init; }

    /// <summary>Whether the model calls tools, an extension.</summary>
    public JsonElement ToolChoice { get; init; }

    /// <summary>Generation options.</summary>
    public JsonElement Options { get; init; }

    /// <summary>Whether to stream the answer, which is the default.</summary>
    public bool? Stream { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>An answer, or a part of one.</summary>
internal sealed record OllamaChatLine
{
    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>When the line was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The answer, or what to append to it.</summary>
    public required OllamaMessage Message { get; init; }

    /// <summary>Whether this is the last line.</summary>
    public required bool Done { get; init; }

    /// <summary>Why generation ended, in the last line.</summary>
    public string? DoneReason { get; init; }

    /// <summary>Nanoseconds of the whole request, in the last line.</summary>
    public long? TotalDuration { get; init; }

    /// <summary>Nanoseconds of loading the model, in the last line.</summary>
    public long? LoadDuration { get; init; }

    /// <summary>Tokens of the prompt, in the last line.</summary>
    public int? PromptEvalCount { get; init; }

    /// <summary>Nanoseconds until the first token, in the last line.</summary>
    public long? PromptEvalDuration { get; init; }

    /// <summary>Tokens of the answer, in the last line.</summary>
    public int? EvalCount { get; init; }

    /// <summary>Nanoseconds from the first token to the last, in the last line.</summary>
    public long? EvalDuration { get; init; }
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
