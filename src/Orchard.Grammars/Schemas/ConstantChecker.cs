using System.Numerics;
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

    /// <summary>Returns the constants that satisfy the other constraints.</summary>
    /// <exception cref="SchemaException">For one of them, that would depend on its items or properties.</exception>
    public IEnumerable<JsonElement> Filter(Constraints all, IEnumerable<JsonElement> values) => values.Where(value => Allows(all, value)
        ?? throw new SchemaException(
            all.Path,
            "enum",
            "objects and arrays among the values cannot be combined with other constraints on their items or properties."));

    private static bool AllowsNumber(Constraints all, JsonElement value)
    {
        if (!value.TryGetDecimal(out decimal number))
        {
            return !all.HasNumberRules;
        }

        bool isWhole = number == decimal.Floor(number);
        return (!all.IsInteger || isWhole)
            && (all.MultipleOf.IsOne || (isWhole && (new BigInteger(number) % all.MultipleOf).IsZero))
            && (all.Minimum is not { } min || (all.IsMinimumExclusive ? number > min : number >= min))
            && (all.Maximum is not { } max || (all.IsMaximumExclusive ? number < max : number <= max));
    }

    private bool AllowsString(Constraints all, string text)
    {
        int length = text.EnumerateRunes().Count();
        return length >= all.MinLength && !(length > all.MaxLength) && (strings.Find(all)?.Contains(text) ?? true);
    }
}
