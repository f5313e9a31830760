using Orchard.Templates.Operations;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Globals;

/// <summary>The functions <c>dict</c> and <c>namespace</c>.</summary>
internal static class MappingFunctions
{
    public static TemplateValue Dict(RenderContext context, CallArguments arguments) =>
        TemplateValue.From(Collect(context, arguments, "dict"));

    public static TemplateValue Namespace(RenderContext context, CallArguments arguments)
    {
        TemplateMap map = Collect(context, arguments, "namespace");
        var space = new TemplateNamespace();
        for (int i = 0; i < map.Count; i++)
        {
            // No expression can read a member whose name is not a string.
            if (map.Keys[i].IsText)
            {
                space.Members[map.Keys[i].Text] = map.Values[i];
            }
        }

        return TemplateValue.From(space);
    }

    private static TemplateMap Collect(RenderContext context, CallArguments arguments, string function)
    {
        if (arguments.Positional.Length > 1)
        {
            throw context.Fail($"'{function}' takes at most one mapping");
        }

        var map = new TemplateMapBuilder(context.Comparer);
        if (arguments.Positional.Length == 1)
        {
            TemplateValue source = arguments.Positional[0];
            ItemCursor items = ItemCursor.Open(
                context, source.Kind == TemplateKind.Dict ? TemplateValue.From(new TemplateMapView(source.Map, MapPart.Items)) : source);
            for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
            {
                TemplateValue[] pair = ItemCursor.Open(context, item).ToArray();
                if (pair.Length != 2)
                {
                    throw context.Fail($"'{function}' needs pairs");
                }

                Comparison.RequireHashable(context, pair[0]);
                map.Set(pair[0], pair[1]);
            }
        }

        foreach (NamedArgument argument in arguments.Named)
        {
            map.Set(TemplateValue.From(argument.Name), argument.Value);
        }

        context.AllocateItems(map.Count * 4L);
        return context.Checked(map.Build());
    }
}
