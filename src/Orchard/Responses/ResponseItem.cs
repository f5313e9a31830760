namespace Orchard.Responses;

/// <summary>
/// An item of a conversation: part of a <see cref="ResponseRequest.Input"/> or of a <see cref="Response.Output"/>. Output items can be used
/// in the next input unchanged. Immutable.
/// </summary>
public abstract class ResponseItem
{
    private protected ResponseItem()
    {
    }

    /// <summary>
    /// The item's type in OpenAI's JSON: <c>message</c>, <c>reasoning</c>, <c>function_call</c> or <c>function_call_output</c>.
    /// </summary>
    public abstract string Type { get; }

    /// <summary>Identifies an output item in the events of its response; ignored in an input (default: null).</summary>
    public string? Id { get; init; }

    /// <summary>Status of an output item; ignored in an input (default: null).</summary>
    public ResponseItemStatus? Status { get; init; }
}
