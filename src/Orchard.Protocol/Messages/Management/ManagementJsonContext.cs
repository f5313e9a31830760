using System.Text.Json.Serialization;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Management;

/// <summary>Source-generated JSON of management commands and replies.</summary>
[JsonSerializable(typeof(ManagementCommand))]
[JsonSerializable(typeof(ManagementReply))]
internal sealed partial class ManagementJsonContext : JsonSerializerContext
{
    public static ManagementJsonContext Instance { get; } = new(WireJson.CreateOptions());
}
