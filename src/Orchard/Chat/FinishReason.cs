namespace Orchard;

/// <summary>Why the model stopped.</summary>
public enum FinishReason
{
    /// <summary>The model ended its turn, or a stop string was reached.</summary>
    Stop,

    /// <summary><see cref="GenerationOptions.MaxTokens"/> was reached or the context is full: the text may be cut short.</summary>
    Length,

    /// <summary>The engine withheld the rest.</summary>
    ContentFilter,

    /// <summary>A reason this version of the library does not know.</summary>
    Other,

    /// <summary>A conversation of a batch failed: <see cref="ChatResult.Error"/> says why.</summary>
    Error,

    /// <summary>The model called tools, and waits for their results.</summary>
    ToolCalls,
}
