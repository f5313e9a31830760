using System.Text.Json.Serialization;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Events;

/// <summary>Source-generated JSON of engine events.</summary>
[JsonSerializable(typeof(Telemetry))]
[JsonSerializable(typeof(ModelLoadedPayload))]
[JsonSerializable(typeof(ModelLoadFailedPayload))]
internal sealed partial class EventJsonContext : JsonSerializerContext
{
    public static EventJsonContext Instance { get; } = new(WireJson.CreateOptions());
}
