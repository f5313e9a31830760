using System.Text.Json;
using System.Text.Json.Serialization;
using Orchard.Server.OpenAI.Chat;

namespace Orchard.Server.OpenAI.Completions;

/// <summary>Body of a request to continue a text. Generation options are among the other fields.</summary>
internal sealed record CompletionRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>A text, a list of texts, the tokens of a text, or a list of those.</summary>
    public JsonElement Prompt { get; init; }

    /// <summary>Whether to stream the answer.</summary>
    public bool? Stream { get; init; }

    /// <summary>What to stream.</summary>
    public StreamOptions? StreamOptions { get; init; }

    /// <summary>The other fields.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Fields { get; set; }
}

/// <summary>Continued texts, or a part of them.</summary>
internal sealed record Completion
{
    /// <summary>Identifies the completion.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>text_completion</c>.</summary>
    public string Object { get; init; } = "text_completion";

    /// <summary>Unix time in seconds.</summary>
    public required long Created { get; init; }

    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>The texts.</summary>
    public required IReadOnlyList<CompletionChoice> Choices { get; init; }

    /// <summary>Token counts.</summary>
    public TokenUsage? Usage { get; init; }
}

/// <summary>One text.</summary>
internal sealed record CompletionChoice
{
    /// <summary>The text that continues the prompt.</summary>
    public required string Text { get; init; }

    /// <summary>Zero-based index.</summary>
    public required int Index { get; init; }

    /// <summary>The tokens with their log probabilities.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public CompletionLogprobs? Logprobs { get; init; }

    /// <summary>Why generation ended; null until the last part.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }
}

/// <summary>Tokens with their log probabilities.</summary>
internal sealed record CompletionLogprobs
{
    /// <summary>The tokens.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>The log probability of each.</summary>
    public required IReadOnlyList<double> TokenLogprobs { get; init; }

    /// <summary>The most probable tokens at each position.</summary>
    public required IReadOnlyList<Dictionary<string, double>> TopLogprobs { get; init; }

    /// <summary>Where each token begins in the text.</summary>
    public required IReadOnlyList<int> TextOffset { get; init; }
}
