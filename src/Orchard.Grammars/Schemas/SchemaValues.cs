using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Orchard.Grammars.Schemas;

/// <summary>Values that a schema names, held against what else it says.</summary>
internal static class SchemaValues
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

    /// <summary>The places of all schemas for a property.</summary>
    public static IEnumerable<string> PropertyPlaces(this Constraints all, string name) => all.Properties.SelectMany(rules => rules.For(name)).Distinct();

    /// <summary>Whether a value holds to the constraints; null when that takes looking into its parts.</summary>
    public static bool? Allows(this Constraints all, JsonElement value)
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

    private static bool AllowsNumber(Constraints all, JsonElement value)
    {
        if (!value.TryGetDecimal(out decimal number))
        {
            return !all.IsInteger && all.Minimum is null && all.Maximum is null && all.MultipleOf.IsOne;
        }

        bool isWhole = number == decimal.Floor(number);
        return (!all.IsInteger || isWhole)
            && (all.MultipleOf.IsOne || (isWhole && (new BigInteger(number) % all.MultipleOf).IsZero))
            && (all.Minimum is not { } min || (all.IsMinimumExclusive ? number > min : number >= min))
            && (all.Maximum is not { } max || (all.IsMaximumExclusive ? number < max : number <= max));
    }

    private static bool AllowsString(Constraints all, string text)
    {
        int length = text.EnumerateRunes().Count();
        return length >= all.MinLength && !(length > all.MaxLength) && (all.FindStrings()?.Contains(text) ?? true);
    }
}
