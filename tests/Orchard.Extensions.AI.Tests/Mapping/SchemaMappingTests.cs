using System.Text.Json;
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
        Assert.Equal(wrapped.GetRawText(), SchemaMapping.ForAnswer(wrapped, null).GetRawText());
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
        Assert.False(properties.GetProperty("id").TryGetProperty("maximum", out _));
        Assert.False(properties.GetProperty("at").TryGetProperty("format", out _));
        Assert.False(tool.IsStrict);
    }

    [Theory]
    [InlineData("strict", true, true)]
    [InlineData("strictJsonSchema", true, true)]
    [InlineData("strict", false, false)]
    [InlineData("other", true, false)]
    public void Strictness_IsOnlyOnRequest(string name, bool value, bool isStrict) =>
        Assert.Equal(isStrict, SchemaMapping.IsStrict(new Dictionary<string, object?> { [name] = value }));

    public sealed record Times(TimeOnly At, TimeSpan For);
}
