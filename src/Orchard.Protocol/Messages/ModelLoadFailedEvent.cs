using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>A model could not be loaded.</summary>
/// <param name="ModelId">The canonical id of the load command, byte for byte.</param>
/// <param name="Error">Why; empty when the sender did not say.</param>
internal sealed record ModelLoadFailedEvent(string ModelId, string Error) : EngineEvent
{
    public const string WireName = "model_load_failed";

    protected override string Name => WireName;

    public static ModelLoadFailedEvent ReadJson(in ReadOnlySequence<byte> json)
    {
        ModelLoadFailedPayload payload = WireJson.Decode(json, WireJson.Instance.ModelLoadFailedPayload, "The event model_load_failed");
        return new ModelLoadFailedEvent(
            payload.ModelId ?? throw new WireException("The event model_load_failed has no model_id."),
            payload.Error ?? "");
    }

    protected override void WriteJson(IBufferWriter<byte> writer)
    {
        var payload = new ModelLoadFailedPayload { Event = WireName, ModelId = ModelId, Error = Error };
        WriteJson(writer, payload, WireJson.Instance.ModelLoadFailedPayload);
    }
}
