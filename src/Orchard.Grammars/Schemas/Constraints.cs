using System.Text.Json;

namespace Orchard.Grammars.Schemas;

/// <summary>All constraints on one value: the conjunction of several schemas, without alternatives. Immutable.</summary>
internal sealed record Constraints
{
    /// <summary>Allows any value.</summary>
    public static Constraints None { get; } = new();

    /// <summary>The pointer to the first schema that contributed, for error messages.</summary>
    public string Path { get; init; } = "";

    /// <summary>The types that the value may have.</summary>
    public JsonKinds Kinds { get; init; } = JsonKinds.All;

    /// <summary>Whether a number must be an integer.</summary>
    public bool IsInteger { get; init; }

    /// <summary>The constants that the value must be one of; null allows any value.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    /// <summary>Constants that the value must not be. Only strings.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>Whether a number must not be an integer.</summary>
    public bool IsFraction { get; init; }

    public ExactNumber? Minimum { get; init; }

    public bool IsMinimumExclusive { get; init; }

    public ExactNumber? Maximum { get; init; }

    public bool IsMaximumExclusive { get; init; }

    /// <summary>What a number must be a multiple of; null allows any.</summary>
    public ExactNumber? MultipleOf { get; init; }

    public int MinLength { get; init; }

    public int? MaxLength { get; init; }

    /// <summary>Regular expressions that must each have a match in a string, with the pointers to their schemas.</summary>
    public IReadOnlyList<(string Path, string Pattern)> Patterns { get; init; } = [];

    /// <summary>Regular expressions that must have no match in a string, with the pointers to their schemas.</summary>
    public IReadOnlyList<(string Path, string Pattern)> ForbiddenPatterns { get; init; } = [];

    /// <summary>Formats that a string must have, with the pointers to their schemas.</summary>
    public IReadOnlyList<(string Path, string Format)> Formats { get; init; } = [];

    public int MinItems { get; init; }

    public int? MaxItems { get; init; }

    /// <summary>The constraints on items, one entry for each schema that has any.</summary>
    public IReadOnlyList<ItemSchemas> Items { get; init; } = [];

    /// <summary>Schemas that some of the items must satisfy.</summary>
    public IReadOnlyList<ContainedItems> Contained { get; init; } = [];

    /// <summary>Whether all items must differ.</summary>
    public bool HasUniqueItems { get; init; }

    /// <summary>The constraints on properties, one entry for each schema that has any.</summary>
    public IReadOnlyList<PropertySchemas> Properties { get; init; } = [];

    /// <summary>The required properties, in the order of the schemas.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Pointers to the schemas that the names of properties must satisfy.</summary>
    public IReadOnlyList<string> PropertyNames { get; init; } = [];

    public int MinProperties { get; init; }

    public int? MaxProperties { get; init; }

    public bool HasStringRules => MinLength > 0 || MaxLength is not null || Patterns.Count > 0 || Formats.Count > 0
        || ForbiddenPatterns.Count > 0 || Excluded.Count > 0;

    public bool HasNumberRules => IsInteger || IsFraction || Minimum is not null || Maximum is not null || MultipleOf is not null;

    public bool HasArrayRules => MinItems > 0 || MaxItems is not null || Items.Count > 0 || Contained.Count > 0 || HasUniqueItems;

    public bool HasObjectRules =>
        Properties.Count > 0 || Required.Count > 0 || PropertyNames.Count > 0 || MinProperties > 0 || MaxProperties is not null;

    /// <summary>Returns pointers to the schemas that apply to a property.</summary>
    /// <exception cref="SchemaException">It is not clear whether a pattern matches the name, and the schema must be enforced.</exception>
    public IEnumerable<string> SchemasOf(string property, SchemaPatterns patterns, SchemaGaps gaps) =>
        Properties.SelectMany(schemas => schemas.For(property, patterns, gaps)).Distinct();

    /// <summary>Returns the conjunction of two sets of constraints.</summary>
    public Constraints And(Constraints other) => this with
    {
        Path = Path.Length == 0 ? other.Path : Path,
        Kinds = (Kinds & other.Kinds) & ~((IsInteger && other.IsFraction) || (IsFraction && other.IsInteger) ? JsonKinds.Number : 0),
        IsInteger = IsInteger || other.IsInteger,
        Values = Values is null || other.Values is null
            ? Values ?? other.Values
            : [.. Values.Where(a => other.Values.Any(b => JsonElement.DeepEquals(a, b)))],
        Excluded = [.. Excluded.Union(other.Excluded)],
        IsFraction = IsFraction || other.IsFraction,
        Minimum = other.Minimum > Minimum || Minimum is null ? other.Minimum ?? Minimum : Minimum,
        IsMinimumExclusive = Minimum == other.Minimum
            ? IsMinimumExclusive || other.IsMinimumExclusive
            : other.Minimum > Minimum || Minimum is null ? other.IsMinimumExclusive : IsMinimumExclusive,
        Maximum = other.Maximum < Maximum || Maximum is null ? other.Maximum ?? Maximum : Maximum,
        IsMaximumExclusive = Maximum == other.Maximum
            ? IsMaximumExclusive || other.IsMaximumExclusive
            : other.Maximum < Maximum || Maximum is null ? other.IsMaximumExclusive : IsMaximumExclusive,
        MultipleOf = MultipleOf is { } factor && other.MultipleOf is { } otherFactor
            ? ExactNumber.LeastCommonMultiple(factor, otherFactor)
            : MultipleOf ?? other.MultipleOf,
        MinLength = Math.Max(MinLength, other.MinLength),
        MaxLength = Least(MaxLength, other.MaxLength),
        Patterns = [.. Patterns, .. other.Patterns],
        ForbiddenPatterns = [.. ForbiddenPatterns, .. other.ForbiddenPatterns],
        Formats = [.. Formats, .. other.Formats],
        MinItems = Math.Max(MinItems, other.MinItems),
        MaxItems = Least(MaxItems, other.MaxItems),
        Items = [.. Items, .. other.Items],
        Contained = [.. Contained, .. other.Contained],
        HasUniqueItems = HasUniqueItems || other.HasUniqueItems,
        Properties = [.. Properties, .. other.Properties],
        Required = [.. Required.Union(other.Required)],
        PropertyNames = [.. PropertyNames, .. other.PropertyNames],
        MinProperties = Math.Max(MinProperties, other.MinProperties),
        MaxProperties = Least(MaxProperties, other.MaxProperties),
    };

    private static int? Least(int? a, int? b) => a is null || b < a ? b ?? a : a;
}
