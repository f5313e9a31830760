using System.Collections.Frozen;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>The functions every template has: Jinja's, and those Hugging Face adds.</summary>
internal static class Globals
{
    // The sandbox's own limit.
    private const int MaxRange = 100_000;

    private static readonly FrozenDictionary<string, TemplateValue> All = new TemplateFunction[]
    {
        new("range", Range),
        new("dict", Dict),
        new("namespace", Namespace),
        new("cycler", (run, arguments) => TemplateValue.From(Cycler(run, arguments))),
        new("joiner", Joiner),
        new("raise_exception", (run, arguments) =>
            throw run.Fail($"it says: {Printer.Str(run, arguments.Bind(run, "raise_exception", 1, "message")[0])}")),
        new("strftime_now", (run, arguments) => TemplateValue.From(StrfTime.Format(run, arguments.Bind(run, "strftime_now", 1, "format")[0]))),
    }.ToFrozenDictionary(function => function.Name, function => TemplateValue.From(function), StringComparer.Ordinal);

    public static bool TryGet(string name, out TemplateValue value) => All.TryGetValue(name, out value);

    private static TemplateValue Range(Run run, CallArguments arguments)
    {
        TemplateValue[] given = arguments.Bind(run, "range", 1, string.Empty, string.Empty, string.Empty);
        foreach (TemplateValue value in given)
        {
            if (!value.IsMissing && !Kinds.Defined(run, value).IsInteger)
            {
                throw run.Fail($"'range' needs integers, not {Kinds.Describe(value)}");
            }
        }

        long start = given[1].IsMissing ? 0 : given[0].Int;
        long stop = given[1].IsMissing ? given[0].Int : given[1].Int;
        long step = given[2].IsMissing ? 1 : given[2].Int;
        if (step == 0)
        {
            throw run.Fail("the step of 'range' is zero");
        }

        Int128 span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        Int128 size = Int128.Abs(step);
        Int128 count = span <= 0 ? 0 : (span + size - 1) / size;
        if (count > MaxRange)
        {
            throw run.Fail($"'range' has more than {MaxRange} items");
        }

        return TemplateValue.From(new TemplateRange(start, stop, step, (int)count));
    }

    private static TemplateValue Dict(Run run, CallArguments arguments) => TemplateValue.From(Collect(run, arguments, "dict"));

    private static TemplateValue Namespace(Run run, CallArguments arguments)
    {
        TemplateMap map = Collect(run, arguments, "namespace");
        var space = new TemplateNamespace();
        for (int i = 0; i < map.Count; i++)
        {
            // A name that is no text cannot be asked for.
            if (map.Keys[i].IsText)
            {
                space.Members[map.Keys[i].Text] = map.Values[i];
            }
        }

        return TemplateValue.From(space);
    }

    private static TemplateMap Collect(Run run, CallArguments arguments, string function)
    {
        if (arguments.Positional.Length > 1)
        {
            throw run.Fail($"'{function}' takes one mapping at most");
        }

        var map = new TemplateMapBuilder(run.Comparer);
        if (arguments.Positional.Length == 1)
        {
            TemplateValue source = arguments.Positional[0];
            ItemCursor items = ItemCursor.Open(
                run, source.Kind == TemplateKind.Dict ? TemplateValue.From(new TemplateMapView(source.Map, MapPart.Items)) : source);
            for (int i = 0; items.TryGet(i, out TemplateValue item); i++)
            {
                TemplateValue[] pair = ItemCursor.Open(run, item).ToArray();
                if (pair.Length != 2)
                {
                    throw run.Fail($"'{function}' needs pairs");
                }

                Operators.RequireHashable(run, pair[0]);
                map.Set(pair[0], pair[1]);
            }
        }

        foreach (NamedArgument argument in arguments.Named)
        {
            map.Set(TemplateValue.From(argument.Name), argument.Value);
        }

        run.AllocateItems(map.Count * 4L);
        return run.Checked(map.Build());
    }

    private static TemplateNamespace Cycler(Run run, CallArguments arguments)
    {
        if (arguments.Positional.Length == 0 || arguments.Named.Length > 0)
        {
            throw run.Fail("'cycler' needs the values to take turns");
        }

        TemplateValue[] items = arguments.Positional;
        int at = 0;
        var space = new TemplateNamespace();
        space.Members["current"] = items[0];
        space.Members["next"] = TemplateValue.From(new TemplateFunction("next", (inner, none) =>
        {
            none.RefuseAny(inner, "next");
            TemplateValue value = items[at];
            at = (at + 1) % items.Length;
            space.Members["current"] = items[at];
            return value;
        }));
        space.Members["reset"] = TemplateValue.From(new TemplateFunction("reset", (inner, none) =>
        {
            none.RefuseAny(inner, "reset");
            at = 0;
            space.Members["current"] = items[0];
            return TemplateValue.None;
        }));
        return space;
    }

    private static TemplateValue Joiner(Run run, CallArguments arguments)
    {
        TemplateValue separator = arguments.Bind(run, "joiner", 0, "sep")[0];
        separator = separator.IsMissing ? TemplateValue.From(", ") : separator;
        bool used = false;
        return TemplateValue.From(new TemplateFunction("joiner", (inner, none) =>
        {
            none.RefuseAny(inner, "joiner");
            TemplateValue value = used ? separator : TemplateValue.EmptyText;
            used = true;
            return value;
        }));
    }
}
