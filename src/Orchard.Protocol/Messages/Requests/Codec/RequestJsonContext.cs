using System.Text.Json.Serialization;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>Source-generated JSON of request metadata.</summary>
[JsonSerializable(typeof(RequestMetadata))]
internal sealed partial class RequestJsonContext : JsonSerializerContext
{
    public static RequestJsonContext Instance { get; } = new(WireJson.CreateOptions());
}
