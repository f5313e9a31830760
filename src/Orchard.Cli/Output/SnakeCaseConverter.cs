using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Cli.Output;

/// <summary>Writes an enumeration by its names in lower case, such as <c>tool_calls</c>.</summary>
internal sealed class SnakeCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
