using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>The <c>loop</c> variable of a running loop.</summary>
/// <param name="items">The items of the loop.</param>
/// <param name="depth">The number of calls of a recursive loop around this one.</param>
/// <param name="recurse">Renders the body for other items at a depth and returns the text; null when the loop is not recursive.</param>
internal sealed class LoopState(ItemCursor items, int depth, Func<TemplateValue, int, TemplateValue>? recurse)
    : TemplateObject(TemplateKind.Loop)
{
    private static readonly TemplateUndefined NoPrevious = new("there is no previous item");
    private static readonly TemplateUndefined NoNext = new("there is no next item");

    private TemplateValue[]? _lastChanged;

    /// <summary>The index of the current item, counted from 0.</summary>
    public int Index { get; set; }

    public override int? Length => items.Count();

    public TemplateValue Get(string name) => name switch
    {
        "index" => TemplateValue.From(Index + 1),
        "index0" => TemplateValue.From(Index),
        "revindex" => TemplateValue.From(items.Count() - Index),
        "revindex0" => TemplateValue.From(items.Count() - Index - 1),
        "first" => TemplateValue.From(Index == 0),
        "last" => TemplateValue.From(!items.TryGet(Index + 1, out _)),
        "length" => TemplateValue.From(items.Count()),
        "depth" => TemplateValue.From(depth + 1),
        "depth0" => TemplateValue.From(depth),
        "previtem" => Index > 0 && items.TryGet(Index - 1, out TemplateValue item) ? item : TemplateValue.From(NoPrevious),
        "nextitem" => items.TryGet(Index + 1, out TemplateValue next) ? next : TemplateValue.From(NoNext),
        _ => TemplateValue.Missing,
    };

    public TemplateValue Cycle(RenderContext context, CallArguments arguments)
    {
        if (arguments.Named.Length > 0 || arguments.Positional.Length == 0)
        {
            throw context.Fail("'loop.cycle' needs at least one positional argument and no named ones");
        }

        return arguments.Positional[Index % arguments.Positional.Length];
    }

    public TemplateValue Changed(RenderContext context, CallArguments arguments)
    {
        if (arguments.Named.Length > 0)
        {
            throw context.Fail("'loop.changed' takes no named arguments");
        }

        TemplateValue[] now = arguments.Positional;
        bool same = _lastChanged is { } last && last.Length == now.Length
            && last.Zip(now).All(pair => context.Comparer.Equals(pair.First, pair.Second));
        _lastChanged = now;
        return TemplateValue.From(!same);
    }

    /// <summary>Renders the body of the loop for other items.</summary>
    public TemplateValue Recurse(RenderContext context, CallArguments arguments)
    {
        if (recurse is null)
        {
            throw context.Fail("'loop' can be called only in a loop that is marked 'recursive'");
        }

        return recurse(arguments.Bind(context, "loop", 1, "iterable")[0], depth + 1);
    }
}
