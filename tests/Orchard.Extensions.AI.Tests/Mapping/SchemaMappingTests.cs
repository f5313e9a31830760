using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI.Tests.Mapping;

/// <summary>Schemas that Microsoft.Extensions.AI generates from .NET types exclude what no converter of the type reads.</summary>
public sealed class SchemaMappingTests
{
    [Fact]
    public void Answer_OfAListOfARecursiveType_RefersToTheTypeInItsWrapper()
    {
        JsonElement wrapped = JsonElement.Parse(
            """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false, "required": ["data"],
             "properties": {"data": {"type": "array", "items": {"type": "object", "properties": {"children": {"$ref": "#"}, "twin": {"$ref": "#/items"}}}}}}
            """);

        JsonElement mapped = SchemaMapping.ForAnswer(wrapped, "List_1");

        JsonElement properties = mapped.GetProperty("properties").GetProperty("data").GetProperty("items").GetProperty("properties");
        Assert.Equal("#/properties/data", properties.GetProperty("children").GetProperty("$ref").GetString());
        Assert.Equal("#/properties/data/items", properties.GetProperty("twin").GetProperty("$ref").GetString());
        Assert.True(JsonElement.DeepEquals(wrapped, SchemaMapping.ForAnswer(wrapped, null)));
    }

    [Fact]
    public void Answer_OfTimes_HasTheFormsThatTheirConvertersRead()
    {
        JsonElement schema = AIJsonUtilities.CreateJsonSchema(typeof(Times));

        JsonElement properties = SchemaMapping.ForAnswer(schema, nameof(Times)).GetProperty("properties");

        Assert.All(properties.EnumerateObject(), property => Assert.Contains("[01][0-9]|2[0-3]", property.Value.GetProperty("pattern").GetString(), StringComparison.Ordinal));
        Assert.All(properties.EnumerateObject(), property => Assert.False(property.Value.TryGetProperty("format", out _)));
    }

    [Fact]
    public void Arguments_OfAFunction_AreInTheRangeOfTheirTypes()
    {
        AIFunction function = AIFunctionFactory.Create((int count, byte? level, long id, TimeOnly at) => count, "f");

        Tool tool = ToolMapping.ToTools([function], ToolMapping.NamesOf([function]))[0];

        JsonElement properties = tool.Parameters.GetProperty("properties");
        Assert.Equal(int.MaxValue, properties.GetProperty("count").GetProperty("maximum").GetInt64());
        Assert.Equal(0, properties.GetProperty("level").GetProperty("minimum").GetInt64());
        Assert.Equal(long.MaxValue, properties.GetProperty("id").GetProperty("maximum").GetInt64());
        Assert.False(properties.GetProperty("at").TryGetProperty("format", out _));
        Assert.False(tool.IsStrict);
    }

    [Fact]
    public void Arguments_OfNestedTypes_HaveWhatTheirConvertersRead()
    {
        AIFunction function = AIFunctionFactory.Create(([Description("What to store.")] Nested value, [Range(1, 5)] int stars = 3) => stars, "f");

        JsonElement properties = SchemaMapping.ForArguments(function).GetProperty("properties");

        JsonElement value = properties.GetProperty("value");
        JsonElement fields = value.GetProperty("properties");
        Assert.Equal("What to store.", value.GetProperty("description").GetString());
        Assert.Equal(255, fields.GetProperty("level").GetProperty("maximum").GetInt32());
        Assert.Equal("base64", fields.GetProperty("data").GetProperty("contentEncoding").GetString());
        Assert.Contains("Left", fields.GetProperty("sides").GetProperty("pattern").GetString(), StringComparison.Ordinal);
        Assert.True(fields.GetProperty("counts").TryGetProperty("propertyNames", out _));
        Assert.Equal(short.MinValue, fields.GetProperty("list").GetProperty("items").GetProperty("minimum").GetInt32());
        Assert.Equal((1, 5), (properties.GetProperty("stars").GetProperty("minimum").GetInt32(), properties.GetProperty("stars").GetProperty("maximum").GetInt32()));
    }

    [Theory]
    [InlineData("""{"type":"OBJECT","properties":{"a":{"type":"STRING"},"type":{"type":"INTEGER"}}}""", """{"type":"object","properties":{"a":{"type":"string"},"type":{"type":"integer"}}}""")]
    [InlineData("""{"type":"dict","properties":{"a":{"type":"list","items":{"type":"float"}}}}""", """{"type":"object","properties":{"a":{"type":"array","items":{"type":"number"}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"any"}}}""", """{"type":"object","properties":{"a":{}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"const":{"type":"INT"},"default":{"type":"STR"}}}}""", """{"type":"object","properties":{"a":{"const":{"type":"INT"},"default":{"type":"STR"}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number","minimum":"0.1","maximum":"2.5"}}}""", """{"type":"object","properties":{"a":{"type":"number","minimum":0.1,"maximum":2.5}}}""")]
    [InlineData("""{"type":"object","properties":[]}""", """{"type":"object"}""")]
    [InlineData("""{"type":"string"}""", """{"type":"object"}""")]
    [InlineData("true", """{"type":"object"}""")]
    public void Arguments_OfForeignSchemas_AreUnderstood(string schema, string expected)
    {
        AIFunctionDeclaration function = AIFunctionFactory.CreateDeclaration("f", null, JsonElement.Parse(schema));

        JsonElement mapped = SchemaMapping.ForArguments(function);

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), mapped), mapped.GetRawText());
    }

    [Theory]
    [InlineData("strict", true, true)]
    [InlineData("strictJsonSchema", true, true)]
    [InlineData("strict", false, false)]
    [InlineData("other", true, false)]
    public void Strictness_IsOnlyOnRequest(string name, bool value, bool isStrict) =>
        Assert.Equal(isStrict, SchemaMapping.IsStrict(new Dictionary<string, object?> { [name] = value }));

    [Flags]
    [JsonConverter(typeof(JsonStringEnumConverter<Sides>))]
    public enum Sides
    {
        None = 0,
        Left = 1,
        Right = 2,
    }

    public sealed record Nested(byte Level, byte[] Data, Sides Sides, Dictionary<int, bool> Counts, List<short> List);

    public sealed record Times(TimeOnly At, TimeSpan For);
}
