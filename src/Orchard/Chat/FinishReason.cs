namespace Orchard;

/// <summary>Why generation ended.</summary>
public enum FinishReason
{
    /// <summary>Not set, or a reason that this version of the library does not support.</summary>
    Unknown,

    /// <summary>The model ended its turn, or generated a stop sequence.</summary>
    Stop,

    /// <summary><see cref="GenerationOptions.MaxOutputTokens"/> was reached or the context is full; the text may be incomplete.</summary>
    Length,

    /// <summary>The model called tools and waits for their results.</summary>
    ToolCalls,

    /// <summary>A content filter of the engine withheld the rest.</summary>
    ContentFilter,

    /// <summary>A conversation of a batch failed; see <see cref="ChatResult.Error"/>.</summary>
    Error,
}
