using System.Buffers;
using Orchard.Protocol.Messages.Json;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Protocol.Messages.Events;

/// <summary>A model is loaded and ready.</summary>
/// <param name="ModelId">The canonical id of the load command, unchanged.</param>
/// <param name="Model">The loaded model.</param>
internal sealed record ModelLoadedEvent(string ModelId, LoadedModel Model) : EngineEvent
{
    public const string WireName = "model_loaded";

    protected override string Name => WireName;

    public static ModelLoadedEvent ReadJson(in ReadOnlySequence<byte> json)
    {
        ModelLoadedPayload payload = WireJson.Decode(json, EventJsonContext.Instance.ModelLoadedPayload, "The event model_loaded");
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
        WriteJson(writer, payload, EventJsonContext.Instance.ModelLoadedPayload);
    }
}
