namespace Orchard.Responses;

/// <summary>The state of a response at one moment. Immutable; later states are other instances.</summary>
public sealed class Response
{
    /// <summary>
    /// Identifies the response in its events: <c>resp_</c> and 32 hexadecimal digits. The response is not stored under it.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>When the call started.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The model name as passed by the caller.</summary>
    public required string Model { get; init; }

    /// <summary>The request that the response answers.</summary>
    public required ResponseRequest Request { get; init; }

    /// <summary>The status (default: <see cref="ResponseStatus.InProgress"/>).</summary>
    public ResponseStatus Status { get; init; }

    /// <summary>Why the response is <see cref="ResponseStatus.Incomplete"/>; otherwise null.</summary>
    public IncompleteReason? IncompleteReason { get; init; }

    /// <summary>Why the response is <see cref="ResponseStatus.Failed"/>; otherwise null.</summary>
    public ResponseError? Error { get; init; }

    /// <summary>The generated reasoning, messages and tool calls, in the order in which they started; empty while in progress.</summary>
    /// <remarks>
    /// A completed response contains a message or a call. Append the items to the next <see cref="ResponseRequest.Input"/> to continue the
    /// conversation.
    /// </remarks>
    public IReadOnlyList<ResponseItem> Output { get; init; } = [];

    /// <summary>Token counts; null while in progress and if the response failed.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The text of all messages in <see cref="Output"/>, concatenated; empty if there are none.</summary>
    public string OutputText => string.Concat(Output.OfType<MessageItem>().Select(static message => message.Text));
}
