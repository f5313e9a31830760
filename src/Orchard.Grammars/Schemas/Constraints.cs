using System.Numerics;
using System.Text.Json;
using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Schemas;

/// <summary>The kinds of JSON values.</summary>
[Flags]
internal enum JsonKinds
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Number = 4,
    String = 8,
    Array = 16,
    Object = 32,
    All = 63,
}

/// <summary>What a value must hold to, all at once: several schemas for one place, without their alternatives. Immutable.</summary>
internal sealed record Constraints
{
    public static Constraints None { get; } = new();

    /// <summary>Where it was asked for first; for messages.</summary>
    public string Path { get; init; } = "";

    public JsonKinds Kinds { get; init; } = JsonKinds.All;

    /// <summary>Whether a number must be whole.</summary>
    public bool IsInteger { get; init; }

    /// <summary>The values there are; null: any.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    public decimal? Minimum { get; init; }

    public bool IsMinimumExclusive { get; init; }

    public decimal? Maximum { get; init; }

    public bool IsMaximumExclusive { get; init; }

    /// <summary>What a number must be a multiple of.</summary>
    public BigInteger MultipleOf { get; init; } = BigInteger.One;

    public int MinLength { get; init; }

    public int? MaxLength { get; init; }

    /// <summary>Expressions that are found in a string.</summary>
    public IReadOnlyList<(string Path, string Pattern)> Patterns { get; init; } = [];

    /// <summary>Formats of a string.</summary>
    public IReadOnlyList<(string Path, string Format)> Formats { get; init; } = [];

    public int MinItems { get; init; }

    public int? MaxItems { get; init; }

    /// <summary>The schemas that speak about items.</summary>
    public IReadOnlyList<ItemRules> Items { get; init; } = [];

    /// <summary>The schemas that speak about properties.</summary>
    public IReadOnlyList<PropertyRules> Properties { get; init; } = [];

    /// <summary>The properties there must be, in the order in which they were named.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Schemas that the names of properties must hold to.</summary>
    public IReadOnlyList<string> PropertyNames { get; init; } = [];

    public int MinProperties { get; init; }

    public int? MaxProperties { get; init; }

    public bool HasStringRules => MinLength > 0 || MaxLength is not null || Patterns.Count > 0 || Formats.Count > 0;

    public bool HasArrayRules => MinItems > 0 || MaxItems is not null || Items.Count > 0;

    public bool HasObjectRules => Properties.Count > 0 || Required.Count > 0 || PropertyNames.Count > 0 || MinProperties > 0 || MaxProperties is not null;

    public Constraints And(Constraints other) => this with
    {
        Path = Path.Length == 0 ? other.Path : Path,
        Kinds = Kinds & other.Kinds,
        IsInteger = IsInteger || other.IsInteger,
        Values = Values is null ? other.Values : other.Values is null ? Values : [.. Values.Where(a => other.Values.Any(b => JsonElement.DeepEquals(a, b)))],
        Minimum = other.Minimum > Minimum || Minimum is null ? other.Minimum ?? Minimum : Minimum,
        IsMinimumExclusive = Minimum == other.Minimum
            ? IsMinimumExclusive || other.IsMinimumExclusive
            : other.Minimum > Minimum || Minimum is null ? other.IsMinimumExclusive : IsMinimumExclusive,
        Maximum = other.Maximum < Maximum || Maximum is null ? other.Maximum ?? Maximum : Maximum,
        IsMaximumExclusive = Maximum == other.Maximum
            ? IsMaximumExclusive || other.IsMaximumExclusive
            : other.Maximum < Maximum || Maximum is null ? other.IsMaximumExclusive : IsMaximumExclusive,
        MultipleOf = MultipleOf / BigInteger.GreatestCommonDivisor(MultipleOf, other.MultipleOf) * other.MultipleOf,
        MinLength = Math.Max(MinLength, other.MinLength),
        MaxLength = Least(MaxLength, other.MaxLength),
        Patterns = [.. Patterns, .. other.Patterns],
        Formats = [.. Formats, .. other.Formats],
        MinItems = Math.Max(MinItems, other.MinItems),
        MaxItems = Least(MaxItems, other.MaxItems),
        Items = [.. Items, .. other.Items],
        Properties = [.. Properties, .. other.Properties],
        Required = [.. Required.Union(other.Required)],
        PropertyNames = [.. PropertyNames, .. other.PropertyNames],
        MinProperties = Math.Max(MinProperties, other.MinProperties),
        MaxProperties = Least(MaxProperties, other.MaxProperties),
    };

    /// <summary>The strings that hold to it; null: any.</summary>
    public CodePointDfa? FindStrings()
    {
        CodePointDfa? strings = null;
        foreach ((string path, string pattern) in Patterns)
        {
            And(Guard(path, "pattern", () => Pattern.Search(pattern)));
        }

        foreach ((string path, string format) in Formats)
        {
            And(StringFormats.Find(format)
                ?? throw new SchemaException(path, "format", $"'{format}' cannot be enforced; the engine knows {StringFormats.Names}."));
        }

        if (strings is not null && (MinLength > 0 || MaxLength is not null))
        {
            And(Guard(Path, MaxLength is null ? "minLength" : "maxLength", () => CodePointDfa.OfLength(MinLength, MaxLength)));
        }

        return strings;

        void And(CodePointDfa dfa) => strings = strings is null ? dfa : Guard(Path, "pattern", () => strings.Intersect(dfa));
    }

    internal static CodePointDfa Guard(string path, string keyword, Func<CodePointDfa> make)
    {
        try
        {
            return make();
        }
        catch (GrammarException e)
        {
            throw new SchemaException(path, keyword, e.Message);
        }
    }

    private static int? Least(int? a, int? b) => a is null || b < a ? b ?? a : a;
}

/// <summary>What one schema says about the items of an array. Places of schemas.</summary>
/// <param name="Prefix">For the first items, one each.</param>
/// <param name="Rest">For the others; null: anything.</param>
internal sealed record ItemRules(IReadOnlyList<string> Prefix, string? Rest);

/// <summary>What one schema says about the properties of an object. Places of schemas.</summary>
/// <param name="Path">Its own place.</param>
/// <param name="Declared">By name, in order.</param>
/// <param name="Matching">For names in which an expression is found.</param>
/// <param name="Additional">For all others; null: anything.</param>
internal sealed record PropertyRules(
    string Path, IReadOnlyList<KeyValuePair<string, string>> Declared, IReadOnlyList<(string Pattern, string Schema)> Matching, string? Additional)
{
    private readonly Dictionary<string, string> _byName = new(Declared, StringComparer.Ordinal);

    /// <summary>The schemas for a property.</summary>
    public IEnumerable<string> For(string name)
    {
        bool any = false;
        if (_byName.TryGetValue(name, out string? declared))
        {
            any = true;
            yield return declared;
        }

        foreach ((string pattern, string schema) in Matching)
        {
            bool narrow = Constraints.Guard(Path, "patternProperties", () => Pattern.Search(pattern)).Contains(name);
            if (narrow != Constraints.Guard(Path, "patternProperties", () => Pattern.Search(pattern, isWide: true)).Contains(name))
            {
                throw new SchemaException(Path, "patternProperties", $"whether '{pattern}' matches '{name}' depends on who reads it.");
            }

            if (narrow)
            {
                any = true;
                yield return schema;
            }
        }

        if (!any && Additional is not null)
        {
            yield return Additional;
        }
    }
}
