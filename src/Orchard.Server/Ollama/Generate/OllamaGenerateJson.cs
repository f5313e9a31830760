using System.Text.Json;

namespace Orchard.Server.Ollama.Generate;

/// <summary>Body of a request to answer one prompt.</summary>
internal sealed record OllamaGenerateRequest : OllamaAnswerRequest
{
    /// <summary>The prompt; without one the model is only loaded.</summary>
    public string? Prompt { get; init; }

    /// <summary>Instructions to the model.</summary>
    public string? System { get; init; }

    /// <summary>Whether the model continues the prompt as it is.</summary>
    public bool? Raw { get; init; }

    /// <summary>Images.</summary>
    public JsonElement Images { get; init; }
}

/// <summary>An answer, or a part of one.</summary>
internal sealed record OllamaGenerateLine : OllamaAnswerLine
{
    /// <summary>The text, or what to append to it.</summary>
    public string Response { get; init; } = "";

    /// <summary>The reasoning.</summary>
    public string? Thinking { get; init; }

    /// <summary>Always empty, in the last line: the prefix cache keeps the conversation.</summary>
    public IReadOnlyList<int>? Context { get; init; }
}
