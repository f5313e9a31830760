using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>The filter <c>tojson</c>.</summary>
internal static class JsonFilter
{
    public static TemplateValue ToJson(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        return new JsonWriter(context, given[0], given[1], given[2], given[3]).Write(value);
    }
}
