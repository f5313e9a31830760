using System.Text.Json;
using Orchard.Templates.Limits;

namespace Orchard.Templates.Values;

/// <summary>Converts JSON to values of the template language.</summary>
internal static class JsonValues
{
    /// <summary>
    /// Converts an element. Objects keep the order of their properties; of duplicate properties, the last one counts. Numbers outside the
    /// ranges of the language's types are kept as text, and unpaired surrogates are replaced.
    /// </summary>
    /// <exception cref="TemplateException">The JSON is nested too deep.</exception>
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
                    map.Set(TemplateValue.From(JsonText.NameOf(property)), From(property.Value, depth + 1));
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
                return TemplateValue.From(JsonText.Of(element));
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
        return text.AsSpan().ContainsAny('.', 'e', 'E')
            ? element.GetDouble() is var real && double.IsFinite(real) ? TemplateValue.From(real) : TemplateValue.FromNumberText(text)
            : element.TryGetInt64(out long value) ? TemplateValue.From(value) : TemplateValue.FromNumberText(text);
    }
}
