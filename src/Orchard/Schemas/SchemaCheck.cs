using System.Text.Json;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Validation;

namespace Orchard.Schemas;

/// <summary>Finds out what of a JSON Schema the engine enforces, and validates the rest. Pure.</summary>
internal static class SchemaCheck
{
    /// <summary>Returns what the engine does not restrict generation to.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="isArguments">Whether it is the schema of a tool's arguments.</param>
    public static IReadOnlyList<SchemaDiagnostic> Diagnose(JsonElement schema, bool isArguments) =>
        [.. SchemaSupport.FindGaps(schema, isArguments).Select(ToDiagnostic)];

    /// <summary>Returns a description of the first problem of a value, with its path; null if it is valid.</summary>
    public static string? Find(JsonElement value, JsonElement schema)
    {
        try
        {
            return new SchemaValidator(schema).Find(value);
        }
        catch (InvalidOperationException)
        {
            return null; // an unpaired surrogate, in which no text can be compared
        }
    }

    private static SchemaDiagnostic ToDiagnostic(SchemaGap gap) => new(
        gap.Path, gap.Keyword, gap.IsIgnored ? SchemaHandling.Ignored : SchemaHandling.ValidatedAfterGeneration, gap.Problem);
}
