namespace Orchard.Responses;

/// <summary>An event that contains the state of the response. Immutable.</summary>
public abstract class ResponseSnapshotEvent : ResponseEvent
{
    private protected ResponseSnapshotEvent()
    {
    }

    /// <summary>The response at this moment.</summary>
    public required Response Response { get; init; }
}

/// <summary>The response was created; nothing has been generated. The first event. Immutable.</summary>
public sealed class ResponseCreatedEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.created";
}

/// <summary>The response is in progress. The second event. Immutable.</summary>
public sealed class ResponseInProgressEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.in_progress";
}

/// <summary>The response is complete. The last event. Immutable.</summary>
public sealed class ResponseCompletedEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.completed";
}

/// <summary>The response was cut short; see <see cref="Response.IncompleteReason"/>. The last event. Immutable.</summary>
public sealed class ResponseIncompleteEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.incomplete";
}

/// <summary>The response failed; see <see cref="Response.Error"/>. The last event. Immutable.</summary>
public sealed class ResponseFailedEvent : ResponseSnapshotEvent
{
    /// <inheritdoc/>
    public override string Type => "response.failed";
}
