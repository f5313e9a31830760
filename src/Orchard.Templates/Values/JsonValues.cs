using System.Text.Json;
using Orchard.Templates.Limits;

namespace Orchard.Templates.Values;

/// <summary>Converts JSON to values of the template language.</summary>
internal static class JsonValues
{
    /// <summary>Converts an element. Objects keep the order of their properties; of duplicate properties, the last one counts.</summary>
    /// <exception cref="TemplateException">An integer does not fit in 64 bits, or the JSON is nested too deep.</exception>
    public static TemplateValue From(JsonElement element) => From(element, 0);

    private static TemplateValue From(JsonElement element, int depth)
    {
        if (depth > TemplateLimits.Default.MaxValueDepth - 10)
        {
            throw new TemplateException($"The JSON for a chat template is nested more than {depth - 1} levels deep.");
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

                return TemplateValue.From(new TemplateList(items));
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
            : throw new TemplateException($"The number {text} in the JSON for a chat template does not fit in 64 bits.");
    }
}
