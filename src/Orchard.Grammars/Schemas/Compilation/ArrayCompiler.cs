using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Reading;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Compiles the constraints on arrays.</summary>
/// <param name="reader">Reads the schemas of the items.</param>
/// <param name="gaps">Receives the constraints that cannot be enforced.</param>
/// <param name="notation">How values are written.</param>
/// <param name="ruleOf">Returns the rule for a value that must satisfy the schemas at some pointers.</param>
internal sealed class ArrayCompiler(
    SchemaReader reader, SchemaGaps gaps, ValueNotation notation, Func<IEnumerable<string>, GrammarNode> ruleOf)
{
    private const int MaxItemRules = 20_000;

    private readonly UniqueItems _unique = new(reader, gaps, notation);

    /// <exception cref="SchemaException">A constraint cannot be enforced, and must be.</exception>
    public GrammarNode Compile(Constraints all)
    {
        if (all.MinItems > all.MaxItems)
        {
            return GrammarNode.Nothing;
        }

        int prefix = all.Items.Count == 0 ? 0 : all.Items.Max(schemas => schemas.Prefix.Count);
        if (all.MinItems > MaxItemRules && prefix > 0)
        {
            gaps.Add(new SchemaException(
                all.Path, "minItems", $"{all.MinItems:N0} items cannot be combined with prefixItems; the maximum is {MaxItemRules:N0}."));
            all = all with { MinItems = 0 };
        }

        if (all is { HasUniqueItems: true, MaxItems: not <= 1 })
        {
            if (prefix == 0 && all.Contained.Count == 0 && _unique.Find(all, RestOf(all), ruleOf) is { } different)
            {
                return different;
            }

            gaps.Add(new SchemaException(
                all.Path, "uniqueItems", "this keyword can only be enforced for items that are texts, integers or constants."));
        }

        if (all.Contained.Count > 0 && (prefix > 0 || all.Contained.Count > 1))
        {
            ContainedItems given = all.Contained[0];
            gaps.Add(new SchemaException(given.Path, "contains", "this keyword cannot be combined with itself or prefixItems."));
        }
        else if (all.Contained is [{ } contained])
        {
            return notation.Array(Containing(all, contained));
        }

        // Built from the end: `tail` is what may follow the first i items. Every item except the first has a comma before it.
        GrammarNode rest = ItemOf(RestOf(all));
        GrammarNode tail = all.MaxItems <= prefix
            ? GrammarNode.Empty
            : prefix == 0
                ? Items(all, rest)
                : More(rest, all.MinItems - prefix, all.MaxItems - prefix);
        for (int i = Math.Min(prefix, all.MaxItems ?? prefix) - 1; i >= 0; i--)
        {
            int index = i;
            GrammarNode item = ItemOf(
                all.Items.Select(schemas => index < schemas.Prefix.Count ? schemas.Prefix[index] : schemas.Rest).OfType<string>());
            var more = new GrammarRule("more items")
            {
                Body = i == 0 ? GrammarNode.Sequence(item, tail) : GrammarNode.Sequence(notation.Comma, item, tail),
            };
            tail = i < all.MinItems ? more : GrammarNode.Optional(more);
        }

        return notation.Array(tail);
    }

    private static string[] RestOf(Constraints all) => [.. all.Items.Select(schemas => schemas.Rest).OfType<string>()];

    private GrammarNode ItemOf(IEnumerable<string> schemas) => notation.Item(ruleOf(schemas));

    // If the number of items is limited, those that must be there come first, so that their number need not be counted apart.
    private GrammarNode Containing(Constraints all, ContainedItems contained)
    {
        if (contained.Min > all.MaxItems)
        {
            return GrammarNode.Nothing;
        }

        string[] rest = RestOf(all);
        GrammarNode any = ItemOf(rest);
        GrammarNode found = ItemOf([.. rest, contained.Schema]);
        GrammarNode required = GrammarNode.Sequence(found, More(found, contained.Min - 1, contained.Min - 1));
        return all is { MinItems: <= 1, MaxItems: null }
            ? GrammarNode.Sequence(
                GrammarNode.Repeat(GrammarNode.Sequence(any, notation.Comma), 0), required, More(any, 0, null))
            : GrammarNode.Sequence(required, More(any, all.MinItems - contained.Min, all.MaxItems - contained.Min));
    }

    private GrammarNode Items(Constraints all, GrammarNode item)
    {
        GrammarNode items = GrammarNode.Sequence(item, More(item, all.MinItems - 1, all.MaxItems - 1));
        return all.MinItems > 0 ? items : GrammarNode.Optional(items);
    }

    private GrammarNode More(GrammarNode item, int min, int? max) =>
        GrammarNode.Repeat(GrammarNode.Sequence(notation.Comma, item), Math.Max(min, 0), max);
}
