using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Events;

/// <summary>A broadcast of the engine to all connected clients.</summary>
internal abstract record EngineEvent
{
    /// <summary>Separates the event's name from its JSON.</summary>
    public const byte Separator = 0;

    /// <summary>The event's name on the wire.</summary>
    protected abstract string Name { get; }

    /// <summary>Encodes the event including its topic.</summary>
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
}
