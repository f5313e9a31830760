using System.Text.Json;
using Orchard.Grammars.Schemas.Reading;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>The types that a tool's schema allows for each of its arguments.</summary>
internal sealed class ParameterKinds
{
    private readonly Dictionary<string, JsonKinds> _byName;
    private readonly HashSet<(string Name, string Constant)> _constants;

    private ParameterKinds(Dictionary<string, JsonKinds> byName, HashSet<(string Name, string Constant)> constants)
    {
        _byName = byName;
        _constants = constants;
    }

    /// <summary>Reads a schema. What cannot be read allows any type.</summary>
    public static ParameterKinds Of(JsonElement schema)
    {
        var byName = new Dictionary<string, JsonKinds>(StringComparer.Ordinal);
        var constants = new HashSet<(string, string)>();
        var gaps = new SchemaGaps(isStrict: false);
        var patterns = new SchemaPatterns(gaps.Budget);
        try
        {
            var reader = new SchemaReader(new SchemaDocument(schema), patterns, gaps);
            foreach (Constraints all in reader.Read([""]))
            {
                foreach (string name in all.Properties.SelectMany(schemas => schemas.Declared.Select(pair => pair.Key)).Distinct())
                {
                    IReadOnlyList<Constraints> values = reader.Read(all.SchemasOf(name, patterns, gaps));
                    JsonKinds kinds = values.Aggregate(JsonKinds.None, (sum, value) => sum | KindsOf(value));
                    byName[name] = byName.GetValueOrDefault(name) | kinds;
                    constants.UnionWith(values.SelectMany(value => value.Values ?? [])
                        .Where(value => value.ValueKind == JsonValueKind.String).Select(value => (name, value.GetString()!)));
                }
            }
        }
        catch (Exception e) when (e is SchemaException or InsufficientExecutionStackException or InvalidOperationException)
        {
            byName.Clear();
        }

        return new ParameterKinds(byName, constants);
    }

    /// <summary>Whether a value that could also be a string is one of another type, by the types that the schema allows.</summary>
    public bool Allows(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && _constants.Contains((name, value.GetString()!)))
        {
            return true; // a constant with quotes
        }

        JsonKinds kinds = _byName.GetValueOrDefault(name, JsonKinds.All);
        return kinds == JsonKinds.None
            || !kinds.HasFlag(JsonKinds.String)
            || (kinds & ConstantChecker.KindOf(value) & ~JsonKinds.String) != 0;
    }

    /// <summary>Whether the schema allows a parameter to be a string.</summary>
    public bool MayBeText(string name) =>
        _byName.GetValueOrDefault(name, JsonKinds.All) is var kinds && (kinds == JsonKinds.None || kinds.HasFlag(JsonKinds.String));

    private static JsonKinds KindsOf(Constraints value) => value.Values is { } values
        ? values.Aggregate(JsonKinds.None, (sum, constant) => sum | ConstantChecker.KindOf(constant)) & value.Kinds
        : value.Kinds;
}
