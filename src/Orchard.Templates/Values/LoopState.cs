using Orchard.Templates.Runtime;

namespace Orchard.Templates.Values;

/// <summary>The <c>loop</c> of a running loop.</summary>
internal sealed class LoopState(ItemCursor items, int depth, Func<Run, TemplateValue, int, TemplateValue>? recurse)
{
    private static readonly UndefinedReason NoPrevious = new("there is no previous item");
    private static readonly UndefinedReason NoNext = new("there is no next item");

    private TemplateValue[]? _lastChanged;

    /// <summary>From 0.</summary>
    public int Index { get; set; }

    public int Length => items.Count();

    public TemplateValue Get(string name) => name switch
    {
        "index" => TemplateValue.From(Index + 1),
        "index0" => TemplateValue.From(Index),
        "revindex" => TemplateValue.From(Length - Index),
        "revindex0" => TemplateValue.From(Length - Index - 1),
        "first" => TemplateValue.From(Index == 0),
        "last" => TemplateValue.From(!items.TryGet(Index + 1, out _)),
        "length" => TemplateValue.From(Length),
        "depth" => TemplateValue.From(depth + 1),
        "depth0" => TemplateValue.From(depth),
        "previtem" => Index > 0 && items.TryGet(Index - 1, out TemplateValue item) ? item : TemplateValue.Undefined(NoPrevious),
        "nextitem" => items.TryGet(Index + 1, out TemplateValue next) ? next : TemplateValue.Undefined(NoNext),
        _ => TemplateValue.Missing,
    };

    public TemplateValue Cycle(Run run, CallArguments arguments)
    {
        if (arguments.Named.Length > 0 || arguments.Positional.Length == 0)
        {
            throw run.Fail("'loop.cycle' needs the values to take turns");
        }

        return arguments.Positional[Index % arguments.Positional.Length];
    }

    public TemplateValue Changed(Run run, CallArguments arguments)
    {
        if (arguments.Named.Length > 0)
        {
            throw run.Fail("'loop.changed' takes no named arguments");
        }

        TemplateValue[] now = arguments.Positional;
        bool same = _lastChanged is { } last && last.Length == now.Length
            && last.Zip(now).All(pair => run.Comparer.Equals(pair.First, pair.Second));
        _lastChanged = now;
        return TemplateValue.From(!same);
    }

    /// <summary>Renders the loop's body for the items below this one.</summary>
    public TemplateValue Recurse(Run run, CallArguments arguments)
    {
        if (recurse is null)
        {
            throw run.Fail("the loop is called, but is not marked 'recursive'");
        }

        return recurse(run, arguments.Bind(run, "loop", 1, "iterable")[0], depth + 1);
    }
}
