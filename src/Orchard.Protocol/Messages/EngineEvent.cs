using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>A broadcast of the engine.</summary>
internal abstract record EngineEvent
{
    /// <summary>Decodes what follows the event topic, <c>name NUL json</c>. Null for an event we do not know.</summary>
    /// <exception cref="WireException">No NUL, or JSON that does not fit the event.</exception>
    public static EngineEvent? Read(in ReadOnlySequence<byte> payload) => throw new NotImplementedException();

    /// <summary>Encodes the event, topic included.</summary>
    public void Write(IBufferWriter<byte> writer) => throw new NotImplementedException();
}

/// <summary>The heartbeat, about every 100 ms.</summary>
internal sealed record TelemetryEvent(Telemetry Telemetry) : EngineEvent;

/// <param name="ModelId">The canonical id of the load command, byte for byte.</param>
/// <param name="Model">What was loaded.</param>
internal sealed record ModelLoadedEvent(string ModelId, LoadedModel Model) : EngineEvent;

internal sealed record ModelLoadFailedEvent(string ModelId, string Error) : EngineEvent;
