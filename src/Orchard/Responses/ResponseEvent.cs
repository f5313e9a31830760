namespace Orchard.Responses;

/// <summary>
/// An event in the stream of a response. The events and their order are those of OpenAI's Responses API: the response is created and in
/// progress; each output item is added, extended and done; finally the response is completed, incomplete or failed. Immutable.
/// </summary>
/// <remarks>
/// Each added item is done exactly once, even if the response fails. Tool calls can overlap; messages and reasoning items are done before
/// the next item is added.
/// </remarks>
public abstract class ResponseEvent
{
    private protected ResponseEvent()
    {
    }

    /// <summary>The event's type in OpenAI's JSON, such as <c>response.output_text.delta</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Zero-based number of the event within its response; consecutive.</summary>
    public required int SequenceNumber { get; init; }
}
