using System.Text.Json;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Grammars.Tests;

/// <summary>The schemas that tests compile: those of this repository, and those of the public JSON Schema Test Suite if it is there.</summary>
internal static class SchemaCorpus
{
    private const string PublicSuiteVariable = "ORCHARD_JSON_SCHEMA_SUITE";

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 2048 };

    /// <summary>One schema per line, with the keyword for which it is refused if it is.</summary>
    public static IEnumerable<(JsonElement Schema, string? RefusedKeyword)> OwnSchemas()
    {
        foreach (string text in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "schemas.jsonl")))
        {
            using var line = JsonDocument.Parse(text, Deep);
            string? refused = line.RootElement.TryGetProperty("refused", out JsonElement keyword) ? keyword.GetString() : null;
            yield return (line.RootElement.GetProperty("schema").Clone(), refused);
        }
    }

    /// <summary>The folder of the public suite. Skips the test if the environment variable is not set.</summary>
    public static string RequirePublicSuite()
    {
        string? folder = Environment.GetEnvironmentVariable(PublicSuiteVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{PublicSuiteVariable} is not set. Set it to a folder with the JSON Schema Test Suite (draft 2020-12).");
        Assert.True(Directory.Exists(folder), $"{PublicSuiteVariable} is set to '{folder}', which does not exist.");
        return folder!;
    }

    /// <summary>The groups of tests in the files of a suite, each for one schema.</summary>
    public static IEnumerable<(JsonElement Schema, JsonElement[] Tests)> SuiteGroups(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonElement group in document.RootElement.EnumerateArray())
            {
                JsonElement copy = group.Clone();
                yield return (copy.GetProperty("schema"), [.. copy.GetProperty("tests").EnumerateArray()]);
            }
        }
    }

    /// <summary>Returns the grammar of a schema, or the keyword for which it is refused; empty if that is not a single keyword.</summary>
    public static (Grammar? Grammar, string? RefusedKeyword) Compile(JsonElement schema)
    {
        try
        {
            return (GrammarCompiler.Compile(SchemaCompiler.Compile(schema)), null);
        }
        catch (SchemaException e)
        {
            return (null, e.Keyword ?? "");
        }
        catch (GrammarException)
        {
            return (null, "");
        }
    }
}
