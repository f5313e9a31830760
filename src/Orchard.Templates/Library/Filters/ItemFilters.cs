using Orchard.Templates.Operations;
using Orchard.Templates.Python;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Filters;

/// <summary>Filters that read items or attributes.</summary>
internal static class ItemFilters
{
    private static readonly TemplateValue NoFirst = TemplateValue.From(new TemplateUndefined("there is no first item"));
    private static readonly TemplateValue NoLast = TemplateValue.From(new TemplateUndefined("there is no last item"));

    /// <summary>Returns an iterator, as Jinja's generators.</summary>
    public static TemplateValue Lazy(RenderContext context, TemplateValue source, IEnumerator<TemplateValue> items)
    {
        context.AllocateItems(1);
        return TemplateValue.From(context.Checked(new TemplateIterator(items, source)));
    }

    public static TemplateValue Attr(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue name = arguments.Bind(context, "attr", 1, "name")[0];
        context.RequireDefined(value);
        return name.IsText ? Attributes.GetOwn(context, value, name.Text) : throw context.Fail("'attr' needs the name of an attribute");
    }

    public static TemplateValue Default(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(context, "default", 0, "default_value", "boolean");
        bool replaces = value.IsUndefined || (given[1].IsTrue && !value.IsTrue);
        return !replaces ? value : given[0].IsMissing ? TemplateValue.EmptyText : given[0];
    }

    public static TemplateValue First(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "first");
        return ItemCursor.Open(context, value).TryGet(0, out TemplateValue item) ? item : NoFirst;
    }

    public static TemplateValue Last(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "last");
        ItemCursor items = OpenReversible(context, value)
            ?? throw context.Fail($"{value.Kind.Describe()} has no last item; convert it with '| list' first");
        int count = items.Count();
        return count > 0 && items.TryGet(count - 1, out TemplateValue item) ? item : NoLast;
    }

    public static TemplateValue Length(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "length");
        return TemplateValue.From(context.LengthOf(value) ?? throw context.Fail($"{value.Kind.Describe()} has no length"));
    }

    public static TemplateValue List(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "list");
        return context.List(ItemCursor.Open(context, value).ToArray());
    }

    public static IEnumerator<TemplateValue> Items(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "items");
        return Pairs(context, value);
    }

    public static TemplateValue Reverse(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(context, "reverse");
        if (value.IsText)
        {
            context.Allocate(value.Text.Length);
            string[] characters = PythonText.Characters(value.Text);
            Array.Reverse(characters);
            return TemplateValue.FromText(string.Concat(characters), value.IsSafeText);
        }

        if (OpenReversible(context, value) is { } items)
        {
            return Lazy(context, value, Backwards(items));
        }

        TemplateValue[] copy = [.. ItemCursor.Open(context, value).ToArray()];
        Array.Reverse(copy);
        return context.List(copy);
    }

    private static IEnumerator<TemplateValue> Pairs(RenderContext context, TemplateValue value)
    {
        if (value.IsUndefined)
        {
            yield break;
        }

        if (value.Kind != TemplateKind.Dict)
        {
            throw context.Fail($"'items' needs a mapping, not {value.Kind.Describe()}");
        }

        var view = new TemplateMapView(value.Map, MapPart.Items);
        for (int i = 0; i < value.Map.Count; i++)
        {
            yield return view.At(i);
        }
    }

    private static IEnumerator<TemplateValue> Backwards(ItemCursor items)
    {
        for (int i = items.Count() - 1; i >= 0; i--)
        {
            items.TryGet(i, out TemplateValue item);
            yield return item;
        }
    }

    private static ItemCursor? OpenReversible(RenderContext context, TemplateValue value) =>
        value.Kind is TemplateKind.Iterator or TemplateKind.Loop ? null : ItemCursor.Open(context, value);
}
