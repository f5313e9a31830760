using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Globals;

/// <summary>The functions <c>cycler</c> and <c>joiner</c>, whose results depend on the number of earlier calls.</summary>
internal static class TurnFunctions
{
    public static TemplateValue Cycler(RenderContext context, CallArguments arguments)
    {
        if (arguments.Positional.Length == 0 || arguments.Named.Length > 0)
        {
            throw context.Fail("'cycler' needs at least one positional argument and no named ones");
        }

        TemplateValue[] items = arguments.Positional;
        int at = 0;
        var space = new TemplateNamespace();
        space.Members["current"] = items[0];
        space.Members["next"] = TemplateValue.From(new TemplateFunction("next", (caller, none) =>
        {
            none.RefuseAny(caller, "next");
            TemplateValue value = items[at];
            at = (at + 1) % items.Length;
            space.Members["current"] = items[at];
            return value;
        }));
        space.Members["reset"] = TemplateValue.From(new TemplateFunction("reset", (caller, none) =>
        {
            none.RefuseAny(caller, "reset");
            at = 0;
            space.Members["current"] = items[0];
            return TemplateValue.None;
        }));
        return TemplateValue.From(space);
    }

    public static TemplateValue Joiner(RenderContext context, CallArguments arguments)
    {
        TemplateValue separator = arguments.Bind(context, "joiner", 0, "sep")[0];
        separator = separator.IsMissing ? TemplateValue.From(", ") : separator;
        bool used = false;
        return TemplateValue.From(new TemplateFunction("joiner", (caller, none) =>
        {
            none.RefuseAny(caller, "joiner");
            TemplateValue value = used ? separator : TemplateValue.EmptyText;
            used = true;
            return value;
        }));
    }
}
