using Orchard.Templates.Operations;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>Filters that escape strings for HTML or mark them as safe.</summary>
internal static class MarkupFilters
{
    public static TemplateValue Safe(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "safe");
        return TemplateValue.FromText(FilterInput.ReadText(context, value), safe: true);
    }

    public static TemplateValue Escape(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "escape");
        return value.IsSafeText ? value : TemplateValue.FromText(Markup.Escape(context, FilterInput.ReadText(context, value)), safe: true);
    }

    public static TemplateValue ForceEscape(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "forceescape");
        return TemplateValue.FromText(Markup.Escape(context, FilterInput.ReadText(context, value)), safe: true);
    }
}
