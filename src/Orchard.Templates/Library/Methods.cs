using System.Collections.Frozen;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

internal enum MethodAccess : byte
{
    None,
    Allowed,

    /// <summary>Python has it, but it changes the value, which Hugging Face's sandbox does not allow.</summary>
    Unsafe,
}

/// <summary>Which methods values have, and calling them.</summary>
internal static class Methods
{
    private static readonly FrozenSet<string> OfLists = FrozenSet.Create(StringComparer.Ordinal, "copy", "count", "index");

    private static readonly FrozenSet<string> ChangeLists = FrozenSet.Create(
        StringComparer.Ordinal, "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private static readonly FrozenSet<string> OfDicts = FrozenSet.Create(StringComparer.Ordinal, "copy", "get", "items", "keys", "values");

    private static readonly FrozenSet<string> ChangeDicts = FrozenSet.Create(
        StringComparer.Ordinal, "clear", "fromkeys", "pop", "popitem", "setdefault", "update");

    public static MethodAccess Find(TemplateKind kind, string name) => kind switch
    {
        TemplateKind.String => TextMethods.Names.Contains(name) ? MethodAccess.Allowed : MethodAccess.None,
        TemplateKind.Dict => Find(OfDicts, ChangeDicts, name),
        TemplateKind.List => Find(OfLists, ChangeLists, name),
        TemplateKind.Tuple or TemplateKind.Range => name is "count" or "index" ? MethodAccess.Allowed : MethodAccess.None,
        TemplateKind.Loop => name is "cycle" or "changed" ? MethodAccess.Allowed : MethodAccess.None,
        _ => MethodAccess.None,
    };

    public static TemplateValue Invoke(Run run, TemplateValue receiver, string name, CallArguments arguments) => receiver.Kind switch
    {
        TemplateKind.String => TextMethods.Invoke(run, receiver, name, arguments),
        TemplateKind.Dict => OfDict(run, receiver, name, arguments),
        TemplateKind.Loop when name == "cycle" => ((LoopState)receiver.Reference).Cycle(run, arguments),
        TemplateKind.Loop => ((LoopState)receiver.Reference).Changed(run, arguments),
        _ => OfList(run, receiver, name, arguments),
    };

    private static MethodAccess Find(FrozenSet<string> allowed, FrozenSet<string> changing, string name) =>
        allowed.Contains(name) ? MethodAccess.Allowed : changing.Contains(name) ? MethodAccess.Unsafe : MethodAccess.None;

    private static TemplateValue OfDict(Run run, TemplateValue receiver, string name, CallArguments arguments)
    {
        TemplateMap map = receiver.Map;
        if (name == "get")
        {
            TemplateValue[] given = arguments.Bind(run, name, 1, string.Empty, string.Empty);
            Operators.RequireHashable(run, given[0]);
            return map.TryGet(given[0], out TemplateValue value) ? value : given[1].IsMissing ? TemplateValue.None : given[1];
        }

        arguments.RefuseAny(run, name);
        return name switch
        {
            "items" => View(run, map, MapPart.Items),
            "keys" => View(run, map, MapPart.Keys),
            "values" => View(run, map, MapPart.Values),
            _ => receiver,
        };
    }

    private static TemplateValue View(Run run, TemplateMap map, MapPart part) => TemplateValue.From(run.Checked(new TemplateMapView(map, part)));

    private static TemplateValue OfList(Run run, TemplateValue receiver, string name, CallArguments arguments)
    {
        if (name == "copy")
        {
            arguments.RefuseAny(run, name);
            return receiver;
        }

        TemplateValue[] given = name == "count"
            ? arguments.Bind(run, name, 1, string.Empty)
            : arguments.Bind(run, name, 1, string.Empty, string.Empty, string.Empty);
        TemplateValue[] items = ItemCursor.Open(run, receiver).ToArray();
        if (name == "count")
        {
            return TemplateValue.From(items.LongCount(item => run.Comparer.Equals(item, given[0])));
        }

        int from = Bound(run, given[1], 0, items.Length);
        int to = Bound(run, given[2], items.Length, items.Length);
        for (int i = from; i < to; i++)
        {
            if (run.Comparer.Equals(items[i], given[0]))
            {
                return TemplateValue.From(i);
            }
        }

        throw run.Fail("'index' does not find the value");
    }

    private static int Bound(Run run, TemplateValue value, int fallback, int count)
    {
        if (value.IsMissing)
        {
            return fallback;
        }

        long at = value.IsInteger ? value.Int : throw run.Fail("'index' needs integers as bounds");
        return (int)Math.Clamp(at < 0 ? at + count : at, 0, count);
    }
}
