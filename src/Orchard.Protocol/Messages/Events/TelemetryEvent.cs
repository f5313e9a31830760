using System.Buffers;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Events;

/// <summary>The engine's heartbeat, sent about every 100 ms.</summary>
internal sealed record TelemetryEvent(Telemetry Telemetry) : EngineEvent
{
    public const string WireName = "telemetry";

    protected override string Name => WireName;

    public static TelemetryEvent ReadJson(in ReadOnlySequence<byte> json)
    {
        Telemetry telemetry = WireJson.Decode(json, EventJsonContext.Instance.Telemetry, "The telemetry");
        return telemetry.Models.Contains(null!)
            ? throw new WireException("The telemetry contains a model that is null.")
            : new TelemetryEvent(telemetry);
    }

    protected override void WriteJson(IBufferWriter<byte> writer) => WriteJson(writer, Telemetry, EventJsonContext.Instance.Telemetry);
}
