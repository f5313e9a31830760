using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Protocol.Messages;

/// <summary>A broadcast of the engine.</summary>
internal abstract record EngineEvent
{
    private const byte Separator = 0;

    /// <summary>The event's name on the wire.</summary>
    protected abstract string Name { get; }

    /// <summary>Decodes what follows the event topic, <c>name NUL json</c>. Null for an event we do not know.</summary>
    /// <exception cref="WireException">No NUL, or JSON that does not fit the event.</exception>
    public static EngineEvent? Read(in ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(payload);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> name, Separator))
        {
            throw new WireException($"An event of {payload.Length} bytes has no NUL between its name and its JSON.");
        }

        ReadOnlySequence<byte> json = reader.UnreadSequence;
        return Is(name, TelemetryEvent.WireName) ? TelemetryEvent.ReadJson(json)
            : Is(name, ModelLoadedEvent.WireName) ? ModelLoadedEvent.ReadJson(json)
            : Is(name, ModelLoadFailedEvent.WireName) ? ModelLoadFailedEvent.ReadJson(json)
            : null;
    }

    /// <summary>Encodes the event, topic included.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        writer.Write(Topic.Event);
        Span<byte> span = writer.GetSpan(Name.Length + 1);
        _ = Encoding.ASCII.GetBytes(Name, span);
        span[Name.Length] = Separator;
        writer.Advance(Name.Length + 1);
        WriteJson(writer);
    }

    protected abstract void WriteJson(IBufferWriter<byte> writer);

    protected static void WriteJson<T>(IBufferWriter<byte> writer, T payload, JsonTypeInfo<T> type)
    {
        using ReusableJsonWriter.Lease lease = ReusableJsonWriter.Rent(writer);
        JsonSerializer.Serialize(lease.Json, payload, type);
    }

    private static bool Is(in ReadOnlySequence<byte> name, string wireName)
    {
        Span<byte> bytes = stackalloc byte[wireName.Length];
        _ = Encoding.ASCII.GetBytes(wireName, bytes);
        return name.Length == bytes.Length && new SequenceReader<byte>(name).IsNext(bytes);
    }
}
