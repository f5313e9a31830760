namespace Orchard.Responses;

/// <summary>An event of a content part of a message or a reasoning item. Immutable.</summary>
public abstract class ResponsePartEvent : ResponseItemEvent
{
    private protected ResponsePartEvent()
    {
    }

    /// <summary>Zero-based index of the part within the item; always 0 at present (default: 0).</summary>
    public int ContentIndex { get; init; }
}

/// <summary>A content part was added. Immutable.</summary>
public sealed class ContentPartAddedEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.content_part.added";

    /// <summary>The part, still empty.</summary>
    public required ResponseContentPart Part { get; init; }
}

/// <summary>A content part is done. Immutable.</summary>
public sealed class ContentPartDoneEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.content_part.done";

    /// <summary>The complete part.</summary>
    public required ResponseContentPart Part { get; init; }
}

/// <summary>The text of a message was extended. Immutable.</summary>
public sealed class OutputTextDeltaEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.output_text.delta";

    /// <summary>Text to append to the text received so far. Contains whole characters only; not empty.</summary>
    public required string Delta { get; init; }

    /// <summary>
    /// The tokens since the previous delta, with their log probabilities; empty unless <see cref="GenerationOptions.IncludeLogprobs"/> is
    /// set.
    /// </summary>
    public IReadOnlyList<TokenLogprob> Logprobs { get; init; } = [];
}

/// <summary>The text of a message is done. Immutable.</summary>
public sealed class OutputTextDoneEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.output_text.done";

    /// <summary>The complete text.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// The text's tokens with their log probabilities; empty unless <see cref="GenerationOptions.IncludeLogprobs"/> is set.
    /// </summary>
    public IReadOnlyList<TokenLogprob> Logprobs { get; init; } = [];
}

/// <summary>The text of a reasoning item was extended. Immutable.</summary>
public sealed class ReasoningTextDeltaEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.reasoning_text.delta";

    /// <summary>Text to append to the reasoning received so far; not empty.</summary>
    public required string Delta { get; init; }
}

/// <summary>The text of a reasoning item is done. Immutable.</summary>
public sealed class ReasoningTextDoneEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.reasoning_text.done";

    /// <summary>The complete reasoning.</summary>
    public required string Text { get; init; }
}
