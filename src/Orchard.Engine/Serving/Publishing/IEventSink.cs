using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Serving.Publishing;

/// <summary>Broadcasts events to all connected clients. Thread-safe. Does not wait for slow clients.</summary>
internal interface IEventSink
{
    void Publish(EngineEvent engineEvent);
}
