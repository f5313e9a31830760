namespace Orchard.Protocol.Messages.Requests;

/// <summary>A request to the engine: its sender, the model, and one or more prompts.</summary>
internal sealed record WireRequest
{
    public required ulong RequestId { get; init; }

    public required string ModelId { get; init; }

    public required string ModelPath { get; init; }

    public RequestType Type { get; init; }

    public ulong RequestChannelId { get; init; }

    /// <summary>The client's channel, to which the deltas are sent.</summary>
    public required ulong ResponseChannelId { get; init; }

    public required IReadOnlyList<WirePrompt> Prompts { get; init; }

    /// <summary>Orchard extension: whether the engine acknowledges the request before any output.</summary>
    public bool WantsAcknowledgement { get; init; }

    /// <summary>
    /// Orchard extension: whether <c>item_completed</c> events come without their value. For clients that assemble each item from its
    /// pieces; without it every answer is sent twice.
    /// </summary>
    public bool OmitsItemValues { get; init; }

    /// <summary>Orchard extension: whether the engine reports the progress of a long prefill.</summary>
    public bool WantsPrefillProgress { get; init; }

    /// <summary>
    /// Orchard extension: how long the model stays loaded after the request; <see cref="Timeout.InfiniteTimeSpan"/> for always, null for
    /// what the client said when it loaded the model.
    /// </summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>
    /// Orchard extension: the trace context as W3C <c>traceparent</c>. If it is set, final deltas contain the durations of their
    /// sequence's phases. Null if the request is not traced.
    /// </summary>
    public string? TraceParent { get; init; }
}
