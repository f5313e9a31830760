using System.Text.Json;

namespace Orchard.Grammars.Schemas;

/// <summary>Checks the constants of a schema (<c>enum</c>, <c>const</c>) against the other constraints on the same value.</summary>
internal sealed class ConstantChecker(StringConstraints strings)
{
    public static JsonKinds KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => JsonKinds.Null,
        JsonValueKind.True or JsonValueKind.False => JsonKinds.Boolean,
        JsonValueKind.Number => JsonKinds.Number,
        JsonValueKind.String => JsonKinds.String,
        JsonValueKind.Array => JsonKinds.Array,
        _ => JsonKinds.Object,
    };

    /// <summary>
    /// Whether a value satisfies the constraints; null if that depends on its items or properties, which are not checked.
    /// </summary>
    public bool? Allows(Constraints all, JsonElement value)
    {
        if ((KindOf(value) & all.Kinds) == 0)
        {
            return false;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Number => AllowsNumber(all, value),
            JsonValueKind.String => AllowsString(all, value.GetString()!),
            JsonValueKind.Array => all.HasArrayRules ? null : true,
            JsonValueKind.Object => all.HasObjectRules ? null : true,
            _ => true,
        };
    }

    /// <summary>
    /// Returns the constants that satisfy the other constraints, and those for which that depends on their items or properties.
    /// </summary>
    /// <exception cref="SchemaException">There is one of the latter, and the schema must be enforced.</exception>
    public IEnumerable<JsonElement> Filter(Constraints all, IEnumerable<JsonElement> values, SchemaGaps gaps)
    {
        foreach (JsonElement value in values)
        {
            bool? allowed = Allows(all, value);
            if (allowed is null)
            {
                gaps.Add(new SchemaException(
                    all.Path,
                    "enum",
                    "objects and arrays among the values cannot be combined with other constraints on their items or properties."));
            }

            if (allowed != false)
            {
                yield return value;
            }
        }
    }

    private static bool AllowsNumber(Constraints all, JsonElement value)
    {
        if (ExactNumber.Find(value) is not { } number)
        {
            return !all.HasNumberRules;
        }

        return (!all.IsInteger || number.IsInteger)
            && !(all.IsFraction && number.IsInteger)
            && !(all.MultipleOf is { } factor && !number.IsMultipleOf(factor))
            && (all.Minimum is not { } min || (all.IsMinimumExclusive ? number > min : number >= min))
            && (all.Maximum is not { } max || (all.IsMaximumExclusive ? number < max : number <= max));
    }

    private bool AllowsString(Constraints all, string text)
    {
        if (all.Excluded.Contains(text))
        {
            return false;
        }

        int length = text.EnumerateRunes().Count();
        return length >= all.MinLength && !(length > all.MaxLength) && (strings.Find(all)?.Contains(text) ?? true);
    }
}
