using System.Text.Json;
using Orchard.Templates.Values;

namespace Orchard.Templates;

/// <summary>JSON as values of the template language.</summary>
internal static class JsonValues
{
    /// <summary>Objects become mappings in the order of the text; of a name given twice the last value counts.</summary>
    /// <exception cref="TemplateException">A whole number does not fit in 64 bits, or it nests too deep.</exception>
    public static TemplateValue From(JsonElement element) => From(element, 0);

    private static TemplateValue From(JsonElement element, int depth)
    {
        if (depth > TemplateLimits.Default.MaxValueDepth - 10)
        {
            throw new TemplateException($"JSON for a chat template nests more than {depth - 1} deep.");
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new TemplateMapBuilder(ValueComparer.Unbounded);
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    map.Set(TemplateValue.From(property.Name), From(property.Value, depth + 1));
                }

                return TemplateValue.From(map.Build());
            case JsonValueKind.Array:
                var items = new TemplateValue[element.GetArrayLength()];
                int at = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    items[at++] = From(item, depth + 1);
                }

                return TemplateValue.FromList(new TemplateList(items));
            case JsonValueKind.String:
                return TemplateValue.From(element.GetString()!);
            case JsonValueKind.Number:
                return Number(element);
            case JsonValueKind.True:
                return TemplateValue.True;
            case JsonValueKind.False:
                return TemplateValue.False;
            default:
                return TemplateValue.None;
        }
    }

    private static TemplateValue Number(JsonElement element)
    {
        string text = element.GetRawText();
        if (text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            return TemplateValue.From(element.GetDouble());
        }

        return element.TryGetInt64(out long value)
            ? TemplateValue.From(value)
            : throw new TemplateException($"The number {text} in JSON for a chat template does not fit in 64 bits.");
    }
}
