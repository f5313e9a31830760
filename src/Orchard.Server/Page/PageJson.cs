using System.Text.Json.Serialization;
using Orchard.Server.Json;

namespace Orchard.Server.Page;

/// <summary>JSON contracts of the page's own route.</summary>
[JsonSerializable(typeof(PageLoadRequest))]
[JsonSerializable(typeof(PageLoadLine))]
internal sealed partial class PageJson : JsonSerializerContext
{
    /// <summary>The contracts, in the JSON of all dialects.</summary>
    public static PageJson Wire { get; } = new(WireJson.CreateOptions());
}
