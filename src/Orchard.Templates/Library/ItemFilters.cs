using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>Filters that look at items without changing them.</summary>
internal static class ItemFilters
{
    private static readonly TemplateValue NoFirst = TemplateValue.Undefined(new UndefinedReason("there is no first item"));
    private static readonly TemplateValue NoLast = TemplateValue.Undefined(new UndefinedReason("there is no last item"));

    /// <summary>Items that are made when they are asked for, as Jinja's generators are.</summary>
    public static TemplateValue Lazy(Run run, TemplateValue source, IEnumerator<TemplateValue> items)
    {
        run.AllocateItems(1);
        return TemplateValue.From(run.Checked(new TemplateIterator(items, source)));
    }

    public static TemplateValue Attr(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue name = arguments.Bind(run, "attr", 1, "name")[0];
        Kinds.Defined(run, value);
        return name.IsText ? Attributes.GetOwn(value, name.Text) : throw run.Fail("'attr' needs the name of an attribute");
    }

    public static TemplateValue Default(Run run, TemplateValue value, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "default", 0, "default_value", "boolean");
        bool replaces = value.IsUndefined || (Kinds.IsTrue(given[1]) && !Kinds.IsTrue(value));
        return !replaces ? value : given[0].IsMissing ? TemplateValue.EmptyText : given[0];
    }

    public static TemplateValue First(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "first");
        return ItemCursor.Open(run, value).TryGet(0, out TemplateValue item) ? item : NoFirst;
    }

    public static TemplateValue Last(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "last");
        ItemCursor items = OpenReversible(run, value) ?? throw run.Fail($"{Kinds.Describe(value)} has no last item; '| list' makes a list of it");
        int count = items.Count();
        return count > 0 && items.TryGet(count - 1, out TemplateValue item) ? item : NoLast;
    }

    public static TemplateValue Length(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "length");
        return TemplateValue.From(Kinds.Length(run, value) ?? throw run.Fail($"{Kinds.Describe(value)} has no length"));
    }

    public static TemplateValue List(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "list");
        return run.List(ItemCursor.Open(run, value).ToArray());
    }

    public static IEnumerator<TemplateValue> Items(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "items");
        return Pairs(run, value);
    }

    public static TemplateValue Reverse(Run run, TemplateValue value, CallArguments arguments)
    {
        arguments.RefuseAny(run, "reverse");
        if (value.IsText)
        {
            run.Allocate(value.Text.Length);
            string[] characters = PythonText.Characters(value.Text);
            Array.Reverse(characters);
            return TemplateValue.FromText(string.Concat(characters), value.IsSafeText);
        }

        if (OpenReversible(run, value) is { } items)
        {
            return Lazy(run, value, Backwards(items));
        }

        TemplateValue[] copy = [.. ItemCursor.Open(run, value).ToArray()];
        Array.Reverse(copy);
        return run.List(copy);
    }

    private static IEnumerator<TemplateValue> Pairs(Run run, TemplateValue value)
    {
        if (value.IsUndefined)
        {
            yield break;
        }

        if (value.Kind != TemplateKind.Dict)
        {
            throw run.Fail($"'items' needs a mapping, not {Kinds.Describe(value)}");
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

    private static ItemCursor? OpenReversible(Run run, TemplateValue value) =>
        value.Kind is TemplateKind.Iterator or TemplateKind.Loop ? null : ItemCursor.Open(run, value);
}
