namespace Orchard.Protocol.Messages;

/// <summary>One request as it goes to the engine: who asks, of which model, and one or more prompts.</summary>
internal sealed record RequestFrame
{
    public required ulong RequestId { get; init; }

    public required string ModelId { get; init; }

    public required string ModelPath { get; init; }

    public RequestType Type { get; init; }

    public ulong RequestChannelId { get; init; }

    /// <summary>Where the deltas go: the client's own address.</summary>
    public required ulong ResponseChannelId { get; init; }

    public required IReadOnlyList<PromptFrame> Prompts { get; init; }

    /// <summary>Ours: whether the engine is to say that it has taken the request on, before any output.</summary>
    public bool WantsAcknowledgement { get; init; }

    /// <summary>
    /// Ours: the trace context of the request, as W3C's <c>traceparent</c>. The engine then says on each final delta when it was at what.
    /// Null when nobody traces.
    /// </summary>
    public string? TraceParent { get; init; }
}
