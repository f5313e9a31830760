using System.Text.Json;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Reading;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Compiles arrays whose items all differ.</summary>
/// <remarks>
/// Generation must never get to a position where only items continue the text that the array already has. So either the remaining items are
/// enumerated, or there are so many items that some are always left.
/// </remarks>
/// <param name="reader">Reads the schemas of the items.</param>
/// <param name="gaps">Receives the constraints that cannot be enforced.</param>
/// <param name="notation">How values are written.</param>
internal sealed class UniqueItems(SchemaReader reader, SchemaGaps gaps, ValueNotation notation)
{
    // There is one rule for each set of remaining items.
    private const int MaxConstants = 10;

    private const int ManyIntegers = 1_000_000;

    /// <summary>Returns the arrays; null if that is not possible.</summary>
    /// <param name="all">The constraints on the array.</param>
    /// <param name="items">Pointers to the schemas of the items.</param>
    /// <param name="ruleOf">Returns the rule for a value that must satisfy the schemas at some pointers.</param>
    public GrammarNode? Find(Constraints all, string[] items, Func<IEnumerable<string>, GrammarNode> ruleOf)
    {
        IReadOnlyList<Constraints> alternatives = reader.Read(items);
        if (alternatives.Count > 0 && alternatives.All(item => FindConstants(item) is not null))
        {
            JsonElement[] constants =
            [
                .. alternatives.SelectMany(item => FindConstants(item)!).DistinctBy(JsonGrammar.Write, StringComparer.Ordinal),
            ];
            return constants.Length <= MaxConstants && AreScalars(constants) ? OfConstants(all, constants) : null;
        }

        if (alternatives is not [{ } only] || !HasManyTexts(only))
        {
            return null;
        }

        GrammarNode item = notation.Item(GrammarNode.Key(ruleOf(items)));
        GrammarNode more = GrammarNode.Repeat(
            GrammarNode.Sequence(notation.Comma, item), Math.Max(all.MinItems - 1, 0), all.MaxItems - 1);
        GrammarNode list = GrammarNode.Sequence(item, more);
        return GrammarNode.Object(notation.Array(all.MinItems > 0 ? list : GrammarNode.Optional(list)));
    }

    private static bool AreScalars(JsonElement[] constants) =>
        !Array.Exists(constants, constant => constant.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
        && constants.Where(constant => constant.ValueKind == JsonValueKind.Number).Select(ExactNumber.Find).Distinct().Count()
            == constants.Count(constant => constant.ValueKind == JsonValueKind.Number);

    // Every text has one spelling, so items are equal if their texts are.
    private static bool HasManyTexts(Constraints item) => item switch
    {
        { Values: not null } => false,
        { Kinds: JsonKinds.String } =>
            item.Patterns.Count + item.ForbiddenPatterns.Count == 0 && item.MaxLength is null or > 8
            && item.Formats.All(format => format.Format is "uuid" or "email" or "uri" || StringFormats.Find(format.Format) is null),
        { Kinds: JsonKinds.Number, IsInteger: true, MultipleOf: null } =>
            item.Minimum is not { } min || item.Maximum is not { } max || max.Floor() - min.Ceiling() > ManyIntegers,
        _ => false,
    };

    private ConstantChecker Constants => new(new StringConstraints(new SchemaPatterns(gaps.Budget), gaps));

    private JsonElement[]? FindConstants(Constraints item) => item switch
    {
        { Values: { } values } => [.. Constants.Filter(item, values, gaps)],
        { Kinds: JsonKinds.Boolean } => [JsonElement.Parse("false"), JsonElement.Parse("true")],
        { Kinds: JsonKinds.Null } => [JsonElement.Parse("null")],
        _ => null,
    };

    private GrammarNode OfConstants(Constraints all, JsonElement[] constants)
    {
        var rules = new Dictionary<int, GrammarRule>();
        return notation.Array(Rest(0, 0));

        // What may follow when the constants of a set are in the array.
        GrammarNode Rest(int used, int count)
        {
            if (rules.TryGetValue(used, out GrammarRule? rule))
            {
                return rule;
            }

            rules.Add(used, rule = new GrammarRule("different items"));
            var options = new List<GrammarNode>();
            if (count >= all.MinItems)
            {
                options.Add(GrammarNode.Empty);
            }

            for (int i = 0; i < constants.Length && !(count >= all.MaxItems); i++)
            {
                if ((used >> i & 1) == 0)
                {
                    GrammarNode constant = notation.Item(notation.Constant(constants[i]));
                    GrammarNode next = Rest(used | (1 << i), count + 1);
                    options.Add(count == 0
                        ? GrammarNode.Sequence(constant, next)
                        : GrammarNode.Sequence(notation.Comma, constant, next));
                }
            }

            rule.Body = GrammarNode.Choice(options);
            return rule;
        }
    }
}
