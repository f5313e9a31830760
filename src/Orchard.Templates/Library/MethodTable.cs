using System.Collections.Frozen;
using Orchard.Templates.Library.Methods;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library;

/// <summary>The methods of values by name.</summary>
internal static class MethodTable
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

    public static TemplateValue Invoke(RenderContext context, TemplateValue receiver, string name, CallArguments arguments) =>
        receiver.Kind switch
        {
            TemplateKind.String => TextMethods.Invoke(context, receiver, name, arguments),
            TemplateKind.Dict => DictMethods.Invoke(context, receiver, name, arguments),
            TemplateKind.Loop when name == "cycle" => ((LoopState)receiver.Object).Cycle(context, arguments),
            TemplateKind.Loop => ((LoopState)receiver.Object).Changed(context, arguments),
            _ => ListMethods.Invoke(context, receiver, name, arguments),
        };

    private static MethodAccess Find(FrozenSet<string> allowed, FrozenSet<string> changing, string name) =>
        allowed.Contains(name) ? MethodAccess.Allowed : changing.Contains(name) ? MethodAccess.Unsafe : MethodAccess.None;
}
