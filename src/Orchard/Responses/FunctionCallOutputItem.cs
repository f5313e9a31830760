namespace Orchard.Responses;

/// <summary>The output of a tool call. Immutable.</summary>
public sealed class FunctionCallOutputItem : ResponseItem
{
    /// <summary>Creates the output of a call.</summary>
    /// <param name="callId">The <see cref="FunctionCallItem.CallId"/> of the call, which must precede it.</param>
    /// <param name="output">The output, as the model should read it; usually JSON. May be empty.</param>
    public FunctionCallOutputItem(string callId, string output)
    {
        CallId = callId;
        Output = output;
        Content = output is null ? [] : [new TextPart(output)]; // null is refused when the item is sent
    }

    /// <summary>Creates the output of a call from content parts.</summary>
    /// <param name="callId">The <see cref="FunctionCallItem.CallId"/> of the call, which must precede it.</param>
    /// <param name="content">The parts of the output, in order; may be empty.</param>
    /// <exception cref="ArgumentException"><paramref name="content"/> contains a null.</exception>
    public FunctionCallOutputItem(string callId, IReadOnlyList<ContentPart> content)
    {
        var message = new Message(MessageRole.Tool, content);
        CallId = callId;
        Output = message.Text;
        Content = message.Content;
    }

    /// <inheritdoc/>
    public override string Type => "function_call_output";

    /// <summary>The <see cref="FunctionCallItem.CallId"/> of the call.</summary>
    public string CallId { get; }

    /// <summary>The text of the output, as the model should read it; usually JSON.</summary>
    public string Output { get; }

    /// <summary>The parts of the output, in order.</summary>
    public IReadOnlyList<ContentPart> Content { get; }
}
