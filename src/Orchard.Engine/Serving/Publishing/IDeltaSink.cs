using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Serving.Publishing;

/// <summary>Sends deltas to the client of a response channel. Thread-safe. Does not wait for slow clients.</summary>
internal interface IDeltaSink
{
    /// <summary>Queues a delta until the next <see cref="Flush"/>.</summary>
    void Queue(ulong responseChannelId, ResponseDelta delta);

    /// <summary>Sends all queued deltas. Callers of <see cref="Queue"/> must ensure that this is called.</summary>
    void Flush();

    /// <summary>Sends a delta after all queued deltas.</summary>
    void Publish(ulong responseChannelId, ResponseDelta delta)
    {
        Queue(responseChannelId, delta);
        Flush();
    }
}
