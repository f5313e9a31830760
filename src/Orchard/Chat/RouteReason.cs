namespace Orchard;

/// <summary>Why a call of a <see cref="ModelRoute"/> went where it did.</summary>
public enum RouteReason
{
    /// <summary>The local model was available, and comes first.</summary>
    LocalFirst,

    /// <summary>The local model would not have begun the answer within <see cref="ModelRoute.MaxQueueTime"/>.</summary>
    QueueTime,

    /// <summary>The local model cannot be loaded, or its engine failed.</summary>
    LocalUnavailable,

    /// <summary>The remote model failed, or does not support an option of the call.</summary>
    RemoteUnavailable,

    /// <summary>The route is <see cref="RouteCondition.Always"/> to the remote model.</summary>
    Always,

    /// <summary>The remote model has answered the earlier turns of the conversation.</summary>
    Conversation,
}
