namespace Orchard;

/// <summary>A piece of an answer as it is generated. The last piece carries the finish reason and the usage. Immutable.</summary>
public sealed record ChatDelta
{
    /// <summary>Text to append to what came before: whole characters, possibly empty.</summary>
    public required string Text { get; init; }

    /// <summary>Why the model stopped; null while it goes on.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>Tokens taken; null while the model goes on.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Which conversation of a batch this belongs to, from 0.</summary>
    internal int PromptIndex { get; init; }
}
