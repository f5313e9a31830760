using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// Writes values of applications as JSON for models: without indentation and escapes, and whatever they contain. What JSON cannot express
/// is written as text. Pure.
/// </summary>
internal static class ForeignJson
{
    private const int MaxDepth = 1000;

    /// <summary>The options; their depth is enough for values that were nested by a program.</summary>
    public static JsonSerializerOptions Options { get; } = new(AIJsonUtilities.DefaultOptions)
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        ReferenceHandler = ReferenceHandler.IgnoreCycles,
        MaxDepth = MaxDepth,
    };

    public static JsonTypeInfo<T> Contract<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <summary>Returns a value as JSON; as a string if it cannot be written.</summary>
    public static JsonElement Of(object? value)
    {
        try
        {
            return value is null ? Null : JsonSerializer.SerializeToElement(value, Options.GetTypeInfo(value.GetType()));
        }
        catch (Exception e) when (
            e is NotSupportedException or JsonException or InvalidOperationException or ArgumentException or IOException)
        {
            return JsonSerializer.SerializeToElement(value?.ToString() ?? "", Contract<string>());
        }
    }

    /// <summary>Returns the arguments of a call as JSON. Those that cannot be written become texts.</summary>
    public static string OfArguments(IDictionary<string, object?> arguments)
    {
        var json = new JsonObject();
        foreach ((string name, object? value) in arguments)
        {
            json[name] = ToNode(Of(value));
        }

        return json.ToJsonString(Options);
    }

    private static JsonElement Null { get; } = JsonElement.Parse("null");

    private static JsonNode? ToNode(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.Object => JsonObject.Create(json),
        JsonValueKind.Array => JsonArray.Create(json),
        _ => JsonValue.Create(json),
    };
}
