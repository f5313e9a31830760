using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Orchard.Schemas;

/// <summary>Adds to the schema of a number, text or enumeration what its converter requires. Pure.</summary>
internal static class ScalarSchema
{
    private const int MaxConstants = 200;
    private const string TimeOfDay = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,7})?";

    /// <param name="node">The schema, which has a <c>type</c>.</param>
    /// <param name="type">The type, without <see cref="Nullable{T}"/>.</param>
    /// <param name="contract">The JSON contract of the type.</param>
    public static void Complete(JsonObject node, Type type, JsonTypeInfo contract)
    {
        if (type.IsEnum)
        {
            CompleteEnum(node, type, contract);
        }
        else if (RangeOf(type) is var (min, max) && !node.ContainsKey("enum"))
        {
            node["minimum"] = Number(min);
            node["maximum"] = Number(max);
        }
        else if (type == typeof(TimeOnly) && node.Remove("format"))
        {
            // The standard's time format includes an offset, which this type does not have.
            node["pattern"] = $"^{TimeOfDay}$";
        }
        else if (type == typeof(TimeSpan) && node.ContainsKey("pattern"))
        {
            node["pattern"] = $"^-?([0-9]{{1,7}}\\.)?{TimeOfDay}$";
        }
        else if (type == typeof(Version) && node.ContainsKey("pattern"))
        {
            node["pattern"] = "^[0-9]{1,9}(\\.[0-9]{1,9}){1,3}$";
        }
        else if (type == typeof(byte[]) || type == typeof(Memory<byte>) || type == typeof(ReadOnlyMemory<byte>))
        {
            node["contentEncoding"] = "base64";
        }
    }

    /// <summary>Returns the names that the converter of an enumeration writes; empty if it writes numbers.</summary>
    public static string[] NamesOf(Type type, JsonTypeInfo contract) =>
    [
        .. ValuesOf(type).Select(value => JsonSerializer.SerializeToNode(value, contract))
            .OfType<JsonValue>().Where(value => value.GetValueKind() == JsonValueKind.String).Select(value => value.GetValue<string>())
            .Distinct(),
    ];

    private static IEnumerable<object> ValuesOf(Type type)
    {
        foreach (object value in Enum.GetValuesAsUnderlyingType(type))
        {
            yield return Enum.ToObject(type, value);
        }
    }

    private static void CompleteEnum(JsonObject node, Type type, JsonTypeInfo contract)
    {
        if (node.ContainsKey("enum"))
        {
            return;
        }

        bool isFlags = type.IsDefined(typeof(FlagsAttribute));
        JsonTypeInfo own = contract.Type.IsEnum ? contract : contract.Options.GetTypeInfo(type);
        string[] names = NamesOf(type, own);
        if (names.Length > 0)
        {
            // Names of combinations of flags contain commas themselves.
            string[] single = [.. names.Where(name => !name.Contains(',', StringComparison.Ordinal)).Select(Regex.Escape)];
            node["pattern"] = isFlags
                ? $"^({string.Join('|', single)})(, ({string.Join('|', single)})){{0,{Math.Max(single.Length - 1, 0)}}}$"
                : $"^({string.Join('|', single)})$";
            return;
        }

        JsonNode?[] numbers = [.. ValuesOf(type).Select(value => JsonSerializer.SerializeToNode(value, own))];
        if (!isFlags && numbers.Length is > 0 and <= MaxConstants && numbers.All(number => number?.GetValueKind() == JsonValueKind.Number))
        {
            bool mayBeNull = node["type"] is JsonArray types && types.Any(one => one!.GetValue<string>() == "null");
            node["enum"] = new JsonArray(mayBeNull ? [.. numbers, null] : numbers);
        }
        else if (RangeOf(Enum.GetUnderlyingType(type)) is var (min, max))
        {
            node["minimum"] = Number(min);
            node["maximum"] = Number(max);
        }
    }

    private static (BigInteger Min, BigInteger Max)? RangeOf(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type == typeof(Half) => (-65_504, 65_504),
        _ when type == typeof(UInt128) => (0, (BigInteger)UInt128.MaxValue),
        _ when type == typeof(Int128) => ((BigInteger)Int128.MinValue, (BigInteger)Int128.MaxValue),
        TypeCode.SByte => (sbyte.MinValue, sbyte.MaxValue),
        TypeCode.Byte => (byte.MinValue, byte.MaxValue),
        TypeCode.Int16 => (short.MinValue, short.MaxValue),
        TypeCode.UInt16 => (ushort.MinValue, ushort.MaxValue),
        TypeCode.Int32 => (int.MinValue, int.MaxValue),
        TypeCode.UInt32 => (uint.MinValue, uint.MaxValue),
        TypeCode.UInt64 => (0, ulong.MaxValue),
        TypeCode.Int64 => (long.MinValue, long.MaxValue),
        _ => null,
    };

    private static JsonNode? Number(BigInteger number) => JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture));
}
