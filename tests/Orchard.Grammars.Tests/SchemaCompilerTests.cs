using System.Text.Json;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Grammars.Tests;

public sealed class SchemaCompilerTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", true)]
    [InlineData("""{"a":1,"a":2}""", false)]
    [InlineData("""{"a":{"a":1},"b":{"a":1}}""", true)]
    [InlineData("""{"a":{"b":1,"b":2}}""", false)]
    [InlineData("""{"a":{"b":1},"a":2}""", false)]
    [InlineData("""[{"a":1},{"a":1}]""", true)]
    public void Object_TheSameKeyTwice_DoesNotMatch(string text, bool matches) => Assert.Equal(matches, Compile("true").Matches(text));

    [Fact]
    public void Pattern_ThatTakesTooMuchWork_IsRefusedByPathAndKeyword()
    {
        var error = Assert.Throws<SchemaException>(() => Compile("""{"type":"object","properties":{"a":{"type":"string","pattern":"((){3000}){3000}"}}}"""));

        Assert.Equal(("/properties/a", "pattern"), (error.Path, error.Keyword));
        Assert.Contains("too much work", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MaxLength_TooLargeToCombineWithAPattern_IsRefusedByKeyword()
    {
        var error = Assert.Throws<SchemaException>(() => Compile("""{"type":"string","pattern":"^a","maxLength":2147483647}"""));

        Assert.Equal("maxLength", error.Keyword);
    }

    private static Grammar Compile(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return GrammarCompiler.Compile(SchemaCompiler.Compile(document.RootElement));
    }
}
