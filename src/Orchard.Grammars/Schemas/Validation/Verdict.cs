namespace Orchard.Grammars.Schemas.Validation;

/// <summary>The result of validating a value against a schema.</summary>
internal sealed class Verdict
{
    /// <summary>What is wrong with the value; null if it is valid.</summary>
    public string? Problem { get; set; }

    /// <summary>The properties that the schema and those it applies have evaluated.</summary>
    public HashSet<string> Properties { get; } = new(StringComparer.Ordinal);

    /// <summary>The items that the schema and those it applies have evaluated.</summary>
    public HashSet<int> Items { get; } = [];

    /// <summary>Adds the result of another schema for the same value, which must be satisfied too.</summary>
    public void Add(Verdict other)
    {
        Problem ??= other.Problem;
        Properties.UnionWith(other.Properties);
        Items.UnionWith(other.Items);
    }
}
