using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Server.Json;

/// <summary>The JSON of all dialects.</summary>
internal static class WireJson
{
    /// <summary>The deepest nesting that is read, as of a schema.</summary>
    public const int MaxDepth = 512;

    /// <summary>Returns options with names in snake case, which leave out what is null.</summary>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // JSON parsers read the output, not browsers
        MaxDepth = MaxDepth,
    };
}
