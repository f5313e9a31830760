using System.Buffers;
using System.Text;

namespace Orchard.Protocol.Messages.Events;

/// <summary>Decodes engine events.</summary>
internal static class EngineEventReader
{
    /// <summary>Decodes what follows the event topic: <c>name NUL json</c>. Returns null for an unknown event.</summary>
    /// <exception cref="WireException">There is no NUL, or the JSON does not fit the event.</exception>
    public static EngineEvent? Read(in ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(payload);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> name, EngineEvent.Separator))
        {
            throw new WireException($"An event of {payload.Length} bytes has no NUL between its name and its JSON.");
        }

        ReadOnlySequence<byte> json = reader.UnreadSequence;
        return Is(name, TelemetryEvent.WireName) ? TelemetryEvent.ReadJson(json)
            : Is(name, ModelLoadedEvent.WireName) ? ModelLoadedEvent.ReadJson(json)
            : Is(name, ModelLoadFailedEvent.WireName) ? ModelLoadFailedEvent.ReadJson(json)
            : null;
    }

    private static bool Is(in ReadOnlySequence<byte> name, string wireName)
    {
        Span<byte> bytes = stackalloc byte[wireName.Length];
        _ = Encoding.ASCII.GetBytes(wireName, bytes);
        return name.Length == bytes.Length && new SequenceReader<byte>(name).IsNext(bytes);
    }
}
