using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Compiles the constraints on arrays.</summary>
/// <param name="ruleOf">Returns the rule for a value that must satisfy the schemas at some pointers.</param>
internal sealed class ArrayCompiler(Func<IEnumerable<string>, GrammarNode> ruleOf)
{
    private const int MaxItemRules = 20_000;

    /// <exception cref="SchemaException">A constraint cannot be enforced.</exception>
    public GrammarNode Compile(Constraints all)
    {
        int prefix = all.Items.Count == 0 ? 0 : all.Items.Max(schemas => schemas.Prefix.Count);
        GrammarNode rest = ruleOf(all.Items.Where(schemas => schemas.Rest is not null).Select(schemas => schemas.Rest!));
        if (all.MinItems > MaxItemRules && prefix > 0)
        {
            throw new SchemaException(
                all.Path, "minItems", $"{all.MinItems:N0} items cannot be combined with prefixItems; the maximum is {MaxItemRules:N0}.");
        }

        // Built from the end: `tail` is what may follow the first i items. Every item except the first has a comma before it.
        GrammarNode tail = all.MaxItems <= prefix
            ? GrammarNode.Empty
            : prefix == 0
                ? Items(all, rest)
                : More(rest, all.MinItems - prefix, all.MaxItems - prefix);
        for (int i = Math.Min(prefix, all.MaxItems ?? prefix) - 1; i >= 0; i--)
        {
            int index = i;
            GrammarNode item = ruleOf(
                all.Items.Select(schemas => index < schemas.Prefix.Count ? schemas.Prefix[index] : schemas.Rest).OfType<string>());
            var more = new GrammarRule("more items")
            {
                Body = i == 0 ? GrammarNode.Sequence(item, tail) : GrammarNode.Sequence(JsonGrammar.Comma, item, tail),
            };
            tail = i < all.MinItems ? more : GrammarNode.Optional(more);
        }

        return GrammarNode.Sequence(GrammarNode.Literal("["), tail, GrammarNode.Literal("]"));
    }

    private static GrammarNode Items(Constraints all, GrammarNode item)
    {
        GrammarNode items = GrammarNode.Sequence(item, More(item, all.MinItems - 1, all.MaxItems - 1));
        return all.MinItems > 0 ? items : GrammarNode.Optional(items);
    }

    private static GrammarNode More(GrammarNode item, int min, int? max) =>
        GrammarNode.Repeat(GrammarNode.Sequence(JsonGrammar.Comma, item), Math.Max(min, 0), max);
}
