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
    }

    /// <inheritdoc/>
    public override string Type => "function_call_output";

    /// <summary>The <see cref="FunctionCallItem.CallId"/> of the call.</summary>
    public string CallId { get; }

    /// <summary>The output, as the model should read it; usually JSON.</summary>
    public string Output { get; }
}
