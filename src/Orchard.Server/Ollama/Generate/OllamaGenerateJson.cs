using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.Ollama.Generate;

/// <summary>Body of a request to answer one prompt.</summary>
internal sealed record OllamaGenerateRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The prompt; without one the model is only loaded.</summary>
    public string? Prompt { get; init; }

    /// <summary>Instructions to the model.</summary>
    public string? System { get; init; }

    /// <summary>Whether the model continues the prompt as it is.</summary>
    public bool? Raw { get; init; }

    /// <summary>Images.</summary>
    public JsonElement Images { get; init; }

    /// <summary>Generation options.</summary>
    public JsonElement Options { get; init; }

    /// <summary>Whether to stream the answer, which is the default.</summary>
    public bool? Stream { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>An answer, or a part of one.</summary>
internal sealed record OllamaGenerateLine
{
    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>When the line was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The text, or what to append to it.</summary>
    public string Response { get; init; } = "";

    /// <summary>The reasoning.</summary>
    public string? Thinking { get; init; }

    /// <summary>Whether this is the last line.</summary>
    public bool Done { get; init; }

    /// <summary>Why generation ended, in the last line.</summary>
    public string? DoneReason { get; init; }

    /// <summary>Always empty: the prefix cache keeps the conversation.</summary>
    public IReadOnlyList<int>? Context { get; init; }

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
