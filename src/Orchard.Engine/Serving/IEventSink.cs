using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>Broadcasts events to every connected client. Thread-safe; returns at once.</summary>
internal interface IEventSink
{
    void Publish(EngineEvent engineEvent);
}
