namespace Orchard.Responses;

/// <summary>A response as it stood at one moment. Immutable: a later one is another instance.</summary>
public sealed record Response
{
    /// <summary>Names the response in its events: <c>resp_</c> and 32 hexadecimal digits. Nothing is kept under it.</summary>
    public required string Id { get; init; }

    /// <summary>When the call began to be read.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The model as the caller named it.</summary>
    public required string Model { get; init; }

    /// <summary>What was asked for.</summary>
    public required ResponseRequest Request { get; init; }

    /// <summary>How far it got (default: <see cref="ResponseStatus.InProgress"/>).</summary>
    public ResponseStatus Status { get; init; }

    /// <summary>Why it is <see cref="ResponseStatus.Incomplete"/>; null when it is not.</summary>
    public IncompleteReason? IncompleteReason { get; init; }

    /// <summary>Why it is <see cref="ResponseStatus.Failed"/>; null when it is not.</summary>
    public ResponseError? Error { get; init; }

    /// <summary>What the model thought, said and called, in this order of beginning; empty while it is in progress.</summary>
    /// <remarks>One that is completed has a message or a call. Append it to the next <see cref="ResponseRequest.Input"/> to go on.</remarks>
    public IReadOnlyList<ResponseItem> Output { get; init; } = [];

    /// <summary>Tokens taken; null while it is in progress, and when it failed.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The text of all messages of <see cref="Output"/>, joined; empty when there are none.</summary>
    public string OutputText => string.Concat(Output.OfType<MessageItem>().Select(message => message.Text));
}

/// <summary>How far a response got.</summary>
public enum ResponseStatus
{
    /// <summary>The model is at it.</summary>
    InProgress,

    /// <summary>It is whole: the model ended its turn, or waits for the outputs of its calls.</summary>
    Completed,

    /// <summary>It was cut short, see <see cref="Response.IncompleteReason"/>.</summary>
    Incomplete,

    /// <summary>Something went wrong, see <see cref="Response.Error"/>; the output has what had come before.</summary>
    Failed,
}

/// <summary>Why a response was cut short.</summary>
public enum IncompleteReason
{
    /// <summary><see cref="GenerationOptions.MaxTokens"/> was reached or the context is full.</summary>
    MaxOutputTokens,

    /// <summary>The engine withheld the rest; Orchard's own does not.</summary>
    ContentFilter,

    /// <summary>A reason this version of the library does not know.</summary>
    Other,
}
