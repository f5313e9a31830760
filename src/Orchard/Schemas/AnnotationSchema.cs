using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Schemas;

/// <summary>Adds to the schema of a property what its data annotations require. Pure.</summary>
internal static class AnnotationSchema
{
    public static void Complete(JsonObject node, JsonPropertyInfo property)
    {
        object[] ofParameter = AttributesOf(property.AssociatedParameter?.AttributeProvider);
        foreach (object attribute in AttributesOf(property.AttributeProvider).Concat(ofParameter))
        {
            switch (attribute)
            {
                case RangeAttribute range when IsNumber(node):
                    SetBound(node, range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum", range.Minimum);
                    SetBound(node, range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum", range.Maximum);
                    break;
                case StringLengthAttribute length:
                    SetLength(node, length.MinimumLength, length.MaximumLength);
                    break;
                case LengthAttribute length:
                    SetLength(node, length.MinimumLength, length.MaximumLength);
                    break;
                case MinLengthAttribute length:
                    SetLength(node, length.Length, null);
                    break;
                case MaxLengthAttribute { Length: > 0 } length:
                    SetLength(node, null, length.Length);
                    break;
                case RegularExpressionAttribute expression:
                    AddPattern(node, $"^(?:{expression.Pattern})$"); // the whole text must match
                    break;
                case DescriptionAttribute { Description.Length: > 0 } description:
                    node["description"] = description.Description;
                    break;
                case EmailAddressAttribute:
                    node["format"] = "email";
                    break;
                case UrlAttribute:
                    node["format"] = "uri";
                    break;
                case Base64StringAttribute:
                    node["contentEncoding"] = "base64";
                    break;
                case AllowedValuesAttribute allowed when ToArray(allowed.Values) is { } values:
                    node["enum"] = values;
                    break;
                case DeniedValuesAttribute denied when ToArray(denied.Values) is { } values:
                    node["not"] = new JsonObject { ["enum"] = values };
                    break;
            }
        }
    }

    private static object[] AttributesOf(ICustomAttributeProvider? provider) =>
        provider?.GetCustomAttributes(inherit: true) ?? [];

    private static void AddPattern(JsonObject node, string pattern)
    {
        if (node.ContainsKey("pattern"))
        {
            node["allOf"] = new JsonArray(new JsonObject { ["pattern"] = pattern });
        }
        else
        {
            node["pattern"] = pattern;
        }
    }

    private static bool IsNumber(JsonObject node) => HasType(node, "integer") || HasType(node, "number");

    private static bool HasType(JsonObject node, string name) => node["type"] switch
    {
        JsonArray types => types.Any(type => type!.GetValue<string>() == name),
        JsonValue type => type.GetValue<string>() == name,
        _ => false,
    };

    private static void SetBound(JsonObject node, string keyword, object? bound)
    {
        string? text = Convert.ToString(bound, CultureInfo.InvariantCulture);
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact))
        {
            node[keyword] = exact;
        }
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            node[keyword] = number;
        }
    }

    private static void SetLength(JsonObject node, int? min, int? max)
    {
        string counted = HasType(node, "array") ? "Items" : HasType(node, "object") ? "Properties" : "Length";
        if (min > 0)
        {
            node[$"min{counted}"] = min;
        }

        if (max is not null)
        {
            node[$"max{counted}"] = max;
        }
    }

    private static JsonArray? ToArray(object?[] values)
    {
        var array = new JsonArray();
        foreach (object? value in values)
        {
            switch (value)
            {
                case null:
                    array.Add(null);
                    break;
                case string text:
                    array.Add((JsonNode)text);
                    break;
                case bool yes:
                    array.Add((JsonNode)yes);
                    break;
                case sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal:
                    array.Add(JsonNode.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!));
                    break;
                default:
                    return null;
            }
        }

        return array;
    }
}
