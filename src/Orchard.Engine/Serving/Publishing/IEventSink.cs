using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Serving.Publishing;

/// <summary>Broadcasts events to all connected clients. Thread-safe. Does not wait for slow clients.</summary>
internal interface IEventSink
{
    void Publish(EngineEvent engineEvent);

    /// <summary>Broadcasts an event that the next of its kind replaces. Clients that do not keep up with reading do not get it.</summary>
    void PublishReplaceable(EngineEvent engineEvent);
}
