using System.Buffers;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Events;

/// <summary>Loading a model failed.</summary>
/// <param name="ModelId">The canonical id of the load command, unchanged.</param>
/// <param name="Error">The reason; empty if the sender gave none.</param>
internal sealed record ModelLoadFailedEvent(string ModelId, string Error) : EngineEvent
{
    public const string WireName = "model_load_failed";

    protected override string Name => WireName;

    public static ModelLoadFailedEvent ReadJson(in ReadOnlySequence<byte> json)
    {
        ModelLoadFailedPayload payload = WireJson.Decode(
            json, EventJsonContext.Instance.ModelLoadFailedPayload, "The event model_load_failed");
        return new ModelLoadFailedEvent(
            payload.ModelId ?? throw new WireException("The event model_load_failed has no model_id."),
            payload.Error ?? "");
    }

    protected override void WriteJson(IBufferWriter<byte> writer)
    {
        var payload = new ModelLoadFailedPayload { Event = WireName, ModelId = ModelId, Error = Error };
        WriteJson(writer, payload, EventJsonContext.Instance.ModelLoadFailedPayload);
    }
}
