namespace Orchard.Responses;

/// <summary>
/// What happens to a response, in OpenAI's order. Created, in progress; then each item of the output is added, grows and is done; at last
/// the response is completed, incomplete or failed, which is the last event of its stream. Immutable.
/// </summary>
/// <remarks>
/// Every item that is added is done once, also in a response that fails. Calls can overlap; messages and thoughts are done before the next
/// item is added.
/// </remarks>
public abstract record ResponseEvent
{
    private protected ResponseEvent()
    {
    }

    /// <summary>The event's kind, as OpenAI names it, such as <c>response.output_text.delta</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The event's place in its response: 0 for the first, one more for each that follows.</summary>
    public required int SequenceNumber { get; init; }
}

/// <summary>An event that shows the response as it stands. Immutable.</summary>
public abstract record ResponseSnapshotEvent : ResponseEvent
{
    private protected ResponseSnapshotEvent()
    {
    }

    /// <summary>The response at this moment.</summary>
    public required Response Response { get; init; }
}

/// <summary>The first event: the response has begun, and nothing was generated. Immutable.</summary>
public sealed record ResponseCreatedEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.created";
}

/// <summary>The second event: the response is being worked at. Immutable.</summary>
public sealed record ResponseInProgressEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.in_progress";
}

/// <summary>The last event of a response that is whole. Immutable.</summary>
public sealed record ResponseCompletedEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.completed";
}

/// <summary>The last event of a response that was cut short; <see cref="Response.IncompleteReason"/> says why. Immutable.</summary>
public sealed record ResponseIncompleteEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.incomplete";
}

/// <summary>The last event of a response that failed; <see cref="Response.Error"/> says why. Immutable.</summary>
public sealed record ResponseFailedEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.failed";
}

/// <summary>An event of one item of the output. Immutable.</summary>
public abstract record ResponseItemEvent : ResponseEvent
{
    private protected ResponseItemEvent()
    {
    }

    /// <summary>The item's place in <see cref="Response.Output"/>, from 0.</summary>
    public required int OutputIndex { get; init; }

    /// <summary>The item's <see cref="ResponseItem.Id"/>.</summary>
    public required string ItemId { get; init; }
}

/// <summary>An item begins. Immutable.</summary>
public sealed record OutputItemAddedEvent : ResponseItemEvent
{
    /// <inheritdoc/>
    public override string Type => "response.output_item.added";

    /// <summary>The item, still empty.</summary>
    public required ResponseItem Item { get; init; }
}

/// <summary>An item is at its end. Immutable.</summary>
public sealed record OutputItemDoneEvent : ResponseItemEvent
{
    /// <inheritdoc/>
    public override string Type => "response.output_item.done";

    /// <summary>The whole item, as <see cref="Response.Output"/> has it.</summary>
    public required ResponseItem Item { get; init; }
}

/// <summary>An event of the text of a message or a thought. Immutable.</summary>
public abstract record ResponsePartEvent : ResponseItemEvent
{
    private protected ResponsePartEvent()
    {
    }

    /// <summary>Which part of the item, from 0; items of this library have one.</summary>
    public int ContentIndex { get; init; }
}

/// <summary>The text of a message or a thought begins. Immutable.</summary>
public sealed record ContentPartAddedEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.content_part.added";

    /// <summary>The part, still empty.</summary>
    public required ContentPart Part { get; init; }
}

/// <summary>The text of a message or a thought is at its end. Immutable.</summary>
public sealed record ContentPartDoneEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.content_part.done";

    /// <summary>The whole part.</summary>
    public required ContentPart Part { get; init; }
}

/// <summary>A text of a message or a thought. Immutable.</summary>
/// <param name="Type">The part's kind, as OpenAI names it: <c>output_text</c> or <c>reasoning_text</c>.</param>
/// <param name="Text">The text so far.</param>
public sealed record ContentPart(string Type, string Text)
{
    /// <summary>The text's tokens and their log probabilities; empty unless <see cref="GenerationOptions.Logprobs"/> asks for them.</summary>
    public IReadOnlyList<GeneratedToken> Tokens { get; init; } = [];
}

/// <summary>A message grows. Immutable.</summary>
public sealed record OutputTextDeltaEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.output_text.delta";

    /// <summary>Text to append to what came before: whole characters, not empty.</summary>
    public required string Delta { get; init; }

    /// <summary>
    /// The tokens since the event before, and their log probabilities; empty unless <see cref="GenerationOptions.Logprobs"/> asks for them.
    /// </summary>
    public IReadOnlyList<GeneratedToken> Tokens { get; init; } = [];
}

/// <summary>A message has all of its text. Immutable.</summary>
public sealed record OutputTextDoneEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.output_text.done";

    /// <summary>The whole text.</summary>
    public required string Text { get; init; }

    /// <summary>The text's tokens and their log probabilities; empty unless <see cref="GenerationOptions.Logprobs"/> asks for them.</summary>
    public IReadOnlyList<GeneratedToken> Tokens { get; init; } = [];
}

/// <summary>A thought grows. Immutable.</summary>
public sealed record ReasoningTextDeltaEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.reasoning_text.delta";

    /// <summary>Text to append to what came before, not empty.</summary>
    public required string Delta { get; init; }
}

/// <summary>A thought has all of its text. Immutable.</summary>
public sealed record ReasoningTextDoneEvent : ResponsePartEvent
{
    /// <inheritdoc/>
    public override string Type => "response.reasoning_text.done";

    /// <summary>The whole text.</summary>
    public required string Text { get; init; }
}

/// <summary>The arguments of a call grow. Immutable.</summary>
public sealed record FunctionCallArgumentsDeltaEvent : ResponseItemEvent
{
    /// <inheritdoc/>
    public override string Type => "response.function_call_arguments.delta";

    /// <summary>Text to append to the arguments that came before, not empty.</summary>
    public required string Delta { get; init; }
}

/// <summary>A call has all of its arguments. Immutable.</summary>
public sealed record FunctionCallArgumentsDoneEvent : ResponseItemEvent
{
    /// <inheritdoc/>
    public override string Type => "response.function_call_arguments.done";

    /// <summary>Which tool.</summary>
    public required string Name { get; init; }

    /// <summary>The whole arguments, a JSON object as text unless the call has a <see cref="FunctionCallItem.Error"/>.</summary>
    public required string Arguments { get; init; }
}
