using Orchard.Templates.Operations;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Methods;

/// <summary>The methods of Python's <c>dict</c> that do not change it.</summary>
internal static class DictMethods
{
    public static TemplateValue Invoke(RenderContext context, TemplateValue receiver, string name, CallArguments arguments)
    {
        TemplateMap map = receiver.Map;
        if (name == "get")
        {
            TemplateValue[] given = arguments.Bind(context, name, 1, string.Empty, string.Empty);
            Comparison.RequireHashable(context, given[0]);
            return map.TryGet(given[0], out TemplateValue value) ? value : given[1].IsMissing ? TemplateValue.None : given[1];
        }

        arguments.RefuseAny(context, name);
        return name switch
        {
            "items" => View(context, map, MapPart.Items),
            "keys" => View(context, map, MapPart.Keys),
            "values" => View(context, map, MapPart.Values),
            _ => receiver,
        };
    }

    private static TemplateValue View(RenderContext context, TemplateMap map, MapPart part) =>
        TemplateValue.From(context.Checked(new TemplateMapView(map, part)));
}
