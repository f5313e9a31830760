using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchard.Schemas;

/// <summary>Adds to the schema of a dictionary what names its key type accepts. Pure.</summary>
internal static class KeySchema
{
    private const string Integer = "-?(0|[1-9][0-9]{0,8})";
    private const string Time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";

    /// <param name="node">The schema of the dictionary.</param>
    /// <param name="key">The type of the keys.</param>
    /// <param name="options">Where the contract of the type is found.</param>
    public static void Complete(JsonObject node, Type key, JsonSerializerOptions options)
    {
        if (NamesOf(key, options) is { } names)
        {
            node["propertyNames"] = names;
        }
    }

    private static JsonObject? NamesOf(Type key, JsonSerializerOptions options) => key switch
    {
        { IsEnum: true } => OfEnum(key, options),
        _ when key == typeof(bool) => new JsonObject { ["enum"] = new JsonArray("True", "False") },
        _ when key == typeof(char) => new JsonObject { ["minLength"] = 1, ["maxLength"] = 1 },
        _ when key == typeof(sbyte) || key == typeof(byte) => Pattern("[1-9]?[0-9]"),
        _ when key == typeof(short) || key == typeof(ushort) => Pattern("0|[1-9][0-9]{0,3}"),
        _ when key == typeof(uint) || key == typeof(ulong) || key == typeof(UInt128) => Pattern("0|[1-9][0-9]{0,8}"),
        _ when key == typeof(int) || key == typeof(long) || key == typeof(Int128) => Pattern(Integer),
        _ when key == typeof(Half) => Pattern("-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?"),
        _ when key == typeof(float) || key == typeof(double) || key == typeof(decimal) => Pattern(Integer + "(\\.[0-9]{1,6})?"),
        _ when key == typeof(Guid) => Format("uuid"),
        _ when key == typeof(DateTime) || key == typeof(DateTimeOffset) => Format("date-time"),
        _ when key == typeof(DateOnly) => Format("date"),
        _ when key == typeof(TimeOnly) => Pattern(Time),
        _ when key == typeof(TimeSpan) => Pattern("-?([0-9]{1,7}\\.)?" + Time),
        _ when key == typeof(Uri) => Format("uri"),
        _ when key == typeof(Version) => Pattern("[0-9]{1,9}(\\.[0-9]{1,9}){1,3}"),
        _ => null,
    };

    // Where the converter writes numbers, it still writes keys as the names of the members.
    private static JsonObject OfEnum(Type key, JsonSerializerOptions options)
    {
        string[] names = options.TryGetTypeInfo(key, out var contract) ? ScalarSchema.NamesOf(key, contract) : [];
        return new JsonObject
        {
            ["enum"] = new JsonArray([.. (names.Length > 0 ? names : Enum.GetNames(key)).Select(name => (JsonNode)name)]),
        };
    }

    private static JsonObject Pattern(string pattern) => new() { ["pattern"] = $"^({pattern})$" };

    private static JsonObject Format(string format) => new() { ["format"] = format };
}
