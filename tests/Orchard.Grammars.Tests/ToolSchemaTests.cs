using System.Text.Json;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Grammars.Tests;

/// <summary>Parameters of tools as MCP servers, generators and other providers write them. None is refused unless it must be enforced.</summary>
public sealed class ToolSchemaTests
{
    public static TheoryData<string> Names { get; } = [.. Lines().Select(line => line.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_OfTheWild_HoldWhatCanBeHeldAndListTheRest(string name)
    {
        JsonElement line = Lines().Single(line => line.GetProperty("name").GetString() == name);
        var gaps = new SchemaGaps(isStrict: false);

        Grammar grammar = GrammarCompiler.Compile(SchemaCompiler.CompileArguments(line.GetProperty("schema"), gaps));

        Assert.Equal(Texts(line, "gaps"), gaps.Found.Select(gap => $"{gap.Path} {gap.Keyword}{(gap.IsIgnored ? " ignored" : "")}"));
        Assert.All(Texts(line, "yes"), text => Assert.True(grammar.Matches(text), text));
        Assert.All(Texts(line, "no"), text => Assert.False(grammar.Matches(text), text));
    }

    private static string[] Texts(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement texts) ? [.. texts.EnumerateArray().Select(text => text.GetString()!)] : [];

    private static IEnumerable<JsonElement> Lines() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "tools.jsonl")).Select(line => JsonElement.Parse(line));
}
