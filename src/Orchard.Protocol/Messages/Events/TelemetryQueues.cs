namespace Orchard.Protocol.Messages.Events;

/// <summary>Fill levels of the engine's queues.</summary>
internal sealed record TelemetryQueues
{
    public int RequestSlotsUsed { get; init; }

    public int RequestSlotsCapacity { get; init; }

    public int ResponseSlotsUsed { get; init; }

    public int ResponseSlotsCapacity { get; init; }

    public int RawRequestQueueDepth { get; init; }

    public int ProcessedSequenceQueueDepth { get; init; }

    public int PostprocessorBacklog { get; init; }

    public int PendingManagementCommands { get; init; }
}
