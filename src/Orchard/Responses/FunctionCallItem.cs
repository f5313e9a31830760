namespace Orchard.Responses;

/// <summary>A call of a tool, requested by the model. Immutable.</summary>
public sealed class FunctionCallItem : ResponseItem
{
    /// <summary>Creates a call.</summary>
    /// <param name="callId">Identifies the call; its <see cref="FunctionCallOutputItem"/> refers to it.</param>
    /// <param name="name">Name of the tool.</param>
    /// <param name="arguments">The arguments, a JSON object as text.</param>
    public FunctionCallItem(string callId, string name, string arguments)
    {
        CallId = callId;
        Name = name;
        Arguments = arguments;
    }

    /// <inheritdoc/>
    public override string Type => "function_call";

    /// <summary>Identifies the call; its <see cref="FunctionCallOutputItem"/> refers to it.</summary>
    public string CallId { get; }

    /// <summary>Name of the tool.</summary>
    public string Name { get; }

    /// <summary>The arguments, a JSON object as text. If there is an <see cref="Error"/>, the text as the model generated it.</summary>
    public string Arguments { get; }

    /// <summary>
    /// Why the call cannot be executed: it is incomplete, or its arguments are not JSON or do not match the tool's schema. Null if it can
    /// be executed.
    /// </summary>
    public ToolCallException? Error { get; init; }

    /// <summary>Returns the call as a <see cref="ToolCall"/>, for <see cref="ToolCall.ReadArguments"/>.</summary>
    public ToolCall ToToolCall() => new(CallId, Name, Arguments) { Error = Error };
}
