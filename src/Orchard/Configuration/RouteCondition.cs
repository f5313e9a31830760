namespace Orchard;

/// <summary>When a call of a <see cref="ModelRoute"/> goes to the remote model, although the local one has not failed.</summary>
public enum RouteCondition
{
    /// <summary>
    /// When the local model cannot be loaded, or would not begin the answer within <see cref="ModelRoute.MaxQueueTime"/>.
    /// </summary>
    QueueTime,

    /// <summary>When the local model cannot be loaded. Calls wait for the load, however long it takes, and in its queue.</summary>
    NotLoadable,

    /// <summary>Always. The local model answers when the remote one cannot.</summary>
    Always,
}
