using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>Sends deltas to the client behind a response channel. Thread-safe; returns at once, however slow the client is.</summary>
internal interface IDeltaSink
{
    /// <summary>Queues a delta, to leave with the next <see cref="Flush"/>.</summary>
    void Queue(ulong responseChannelId, ResponseDelta delta);

    /// <summary>Sends what is queued. Whoever queues sees to it that this is called.</summary>
    void Flush();

    /// <summary>Sends a delta, and what was queued before it.</summary>
    void Publish(ulong responseChannelId, ResponseDelta delta)
    {
        Queue(responseChannelId, delta);
        Flush();
    }
}
