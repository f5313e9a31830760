using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>The heartbeat, about every 100 ms.</summary>
internal sealed record TelemetryEvent(Telemetry Telemetry) : EngineEvent
{
    public const string WireName = "telemetry";

    protected override string Name => WireName;

    public static TelemetryEvent ReadJson(in ReadOnlySequence<byte> json)
    {
        Telemetry telemetry = WireJson.Decode(json, WireJson.Instance.Telemetry, "The telemetry");
        return telemetry.Models.Contains(null!)
            ? throw new WireException("The telemetry lists a model that is null.")
            : new TelemetryEvent(telemetry);
    }

    protected override void WriteJson(IBufferWriter<byte> writer) => WriteJson(writer, Telemetry, WireJson.Instance.Telemetry);
}
