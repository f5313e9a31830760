using Orchard.Protocol.Messages.Requests;

namespace Orchard;

/// <summary>A request as it is sent, and what reads its answers.</summary>
/// <param name="Frame">What is sent.</param>
/// <param name="Sequences">A reader for every candidate of every conversation that is sent.</param>
/// <param name="KeepsFailures">Whether the failure of one conversation is part of the answer, instead of its end.</param>
internal sealed record RenderedRequest(WireRequest Frame, SequenceReader[][] Sequences, bool KeepsFailures)
{
    /// <summary>The ends of the conversations that have no prompt, and are not sent.</summary>
    public IReadOnlyList<ChatDelta> Failed { get; init; } = [];
}
