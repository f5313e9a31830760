using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>A model became ready.</summary>
/// <param name="ModelId">The canonical id of the load command, byte for byte.</param>
/// <param name="Model">What was loaded.</param>
internal sealed record ModelLoadedEvent(string ModelId, LoadedModel Model) : EngineEvent
{
    public const string WireName = "model_loaded";

    protected override string Name => WireName;

    public static ModelLoadedEvent ReadJson(in ReadOnlySequence<byte> json)
    {
        ModelLoadedPayload payload = WireJson.Decode(json, WireJson.Instance.ModelLoadedPayload, "The event model_loaded");
        return new ModelLoadedEvent(
            payload.ModelId ?? throw new WireException("The event model_loaded has no model_id."),
            new LoadedModel
            {
                Capabilities = payload.Capabilities!,
                MinimumMemoryBytes = payload.MinimumMemoryBytes,
                Facts = payload.Facts,
            });
    }

    protected override void WriteJson(IBufferWriter<byte> writer)
    {
        var payload = new ModelLoadedPayload
        {
            Event = WireName,
            ModelId = ModelId,
            Capabilities = Model.Capabilities,
            MinimumMemoryBytes = Model.MinimumMemoryBytes,
            Facts = Model.Facts,
        };
        WriteJson(writer, payload, WireJson.Instance.ModelLoadedPayload);
    }
}
