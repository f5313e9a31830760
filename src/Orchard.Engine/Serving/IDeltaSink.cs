using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>Sends deltas to the client behind a response channel. Thread-safe; returns at once, however slow the client is.</summary>
internal interface IDeltaSink
{
    void Publish(ulong responseChannelId, ResponseDelta delta);
}
