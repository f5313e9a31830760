using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>The heartbeat, about every 100 ms.</summary>
internal sealed record TelemetryEvent(Telemetry Telemetry) : EngineEvent
{
    public const string WireName = "telemetry";

    protected override string Name => WireName;

    public static TelemetryEvent ReadJson(in ReadOnlySequence<byte> json) =>
        new(WireJson.Decode(json, WireJson.Instance.Telemetry, "The telemetry"));

    protected override void WriteJson(IBufferWriter<byte> writer) => WriteJson(writer, Telemetry, WireJson.Instance.Telemetry);
}
