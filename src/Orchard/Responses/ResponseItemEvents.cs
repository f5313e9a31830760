namespace Orchard.Responses;

/// <summary>An event of an output item. Immutable.</summary>
public abstract class ResponseItemEvent : ResponseEvent
{
    private protected ResponseItemEvent()
    {
    }

    /// <summary>Zero-based index of the item in <see cref="Response.Output"/>.</summary>
    public required int OutputIndex { get; init; }

    /// <summary>The item's <see cref="ResponseItem.Id"/>.</summary>
    public required string ItemId { get; init; }
}

/// <summary>An output item was added. Immutable.</summary>
public sealed class OutputItemAddedEvent : ResponseItemEvent
{
    /// <inheritdoc/>
    public override string Type => "response.output_item.added";

    /// <summary>The item, still empty.</summary>
    public required ResponseItem Item { get; init; }
}

/// <summary>An output item is done. Immutable.</summary>
public sealed class OutputItemDoneEvent : ResponseItemEvent
{
    /// <inheritdoc/>
    public override string Type => "response.output_item.done";

    /// <summary>The item as in <see cref="Response.Output"/>.</summary>
    public required ResponseItem Item { get; init; }
}

/// <summary>The arguments of a tool call were extended. Immutable.</summary>
public sealed class FunctionCallArgumentsDeltaEvent : ResponseItemEvent
{
    /// <inheritdoc/>
    public override string Type => "response.function_call_arguments.delta";

    /// <summary>Text to append to the arguments received so far; not empty.</summary>
    public required string Delta { get; init; }
}

/// <summary>The arguments of a tool call are done. Immutable.</summary>
public sealed class FunctionCallArgumentsDoneEvent : ResponseItemEvent
{
    /// <inheritdoc/>
    public override string Type => "response.function_call_arguments.done";

    /// <summary>Name of the tool.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments, a JSON object as text unless the call has a <see cref="FunctionCallItem.Error"/>.</summary>
    public required string Arguments { get; init; }
}
