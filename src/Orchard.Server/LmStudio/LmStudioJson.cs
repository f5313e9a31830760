using System.Text.Json.Serialization;
using Orchard.Server.Json;

namespace Orchard.Server.LmStudio;

/// <summary>JSON contracts of LM Studio's API.</summary>
[JsonSerializable(typeof(LmStudioModelList))]
internal sealed partial class LmStudioJson : JsonSerializerContext
{
    /// <summary>The contracts, in the JSON of all dialects.</summary>
    public static LmStudioJson Wire { get; } = new(WireJson.CreateOptions());
}
