using System.Text.Json;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Grammars.Schemas.Validation;

/// <summary>Finds out how much of a schema can be enforced.</summary>
internal static class SchemaSupport
{
    /// <summary>
    /// Returns what generated values may violate of a schema. If nothing can be enforced, the last entry is for the schema as a whole.
    /// </summary>
    /// <param name="schema">The schema.</param>
    /// <param name="isArguments">Whether it is the schema of a tool's arguments.</param>
    public static IReadOnlyList<SchemaGap> FindGaps(JsonElement schema, bool isArguments)
    {
        var gaps = new SchemaGaps(isStrict: false);
        try
        {
            GrammarCompiler.Compile(
                isArguments ? SchemaCompiler.CompileArguments(schema, gaps) : SchemaCompiler.Compile(schema, gaps));
            return gaps.Found;
        }
        catch (SchemaException e)
        {
            return [.. gaps.Found, new SchemaGap(e.Path, e.Keyword, e.Problem, e.IsMeaningless)];
        }
        catch (GrammarException e)
        {
            return [.. gaps.Found, new SchemaGap("", null, e.Message, IsIgnored: false)];
        }
    }
}
