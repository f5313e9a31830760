namespace Orchard.Server.Ollama;

/// <summary>What all answers, and all parts of one, have.</summary>
internal abstract record OllamaAnswerLine
{
    /// <summary>The model as the client named it.</summary>
    public required string Model { get; init; }

    /// <summary>When the line was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether this is the last line.</summary>
    public bool Done { get; init; }

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
