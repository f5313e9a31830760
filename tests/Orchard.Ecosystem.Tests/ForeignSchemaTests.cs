using System.Text.Json;

namespace Orchard.Ecosystem.Tests;

/// <summary>Schemas as other generators, languages and services write them, of a function and of an answer: none ends the chat.</summary>
public sealed class ForeignSchemaTests(EngineFixture fixture)
{
    private const int MaxTokens = 30;

    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["upper-case types"] = """{"type":"STRING"}""",
        ["type of another language"] = """{"type":"str"}""",
        ["dict"] = """{"type":"dict","properties":{"a":{"type":"float"}}}""",
        ["list"] = """{"type":"list","items":{"type":"int"}}""",
        ["any type"] = """{"type":"any"}""",
        ["tuple type"] = """{"type":"tuple","items":{"type":"integer"}}""",
        ["no types"] = """{"type":[]}""",
        ["null type"] = """{"type":null}""",
        ["nullable enum"] = """{"type":["string","null"],"enum":["x","y",null]}""",
        ["nullable beside enum"] = """{"type":"string","nullable":true,"enum":["x","y"]}""",
        ["required in a property"] = """{"type":"string","required":true}""",
        ["mixed enum"] = """{"enum":[1,"1",true,null,1.5]}""",
        ["empty enum"] = """{"type":"string","enum":[]}""",
        ["enum with duplicates"] = """{"type":"string","enum":["a","a",""]}""",
        ["enum of another type"] = """{"type":"integer","enum":["1","2"]}""",
        ["default of another type"] = """{"type":"integer","default":"none"}""",
        ["map"] = """{"type":"object","additionalProperties":{"type":"string"}}""",
        ["closed and empty"] = """{"type":"object","additionalProperties":false}""",
        ["properties are null"] = """{"type":"object","properties":null}""",
        ["empty schema"] = "{}",
        ["true"] = "true",
        ["zod optional"] = """{"anyOf":[{"not":{}},{"type":"string"}]}""",
        ["pydantic optional"] = """{"anyOf":[{"type":"integer","exclusiveMinimum":0},{"type":"null"}],"default":null,"title":"A"}""",
        ["all of one reference"] = """{"allOf":[{"$ref":"#/$defs/unit"}],"description":"The unit."}""",
        ["one of constants"] = """{"oneOf":[{"const":"a","title":"A"},{"const":"b","title":"B"}]}""",
        ["overlapping one of"] = """{"oneOf":[{"type":"integer"},{"type":"number"}]}""",
        ["tuple of draft 7"] = """{"type":"array","items":[{"type":"integer"},{"type":"string"}],"additionalItems":false}""",
        ["prefix items"] = """{"type":"array","prefixItems":[{"type":"integer"},{"type":"boolean"}],"items":false}""",
        ["contains"] = """{"type":"array","items":{"type":"integer"},"contains":{"const":7},"minContains":1}""",
        ["items true"] = """{"type":"array","items":true,"maxItems":2}""",
        ["no items"] = """{"type":"array","items":{"type":"integer"},"maxItems":0}""",
        ["array without items"] = """{"type":"array"}""",
        ["format of OpenAPI"] = """{"type":"integer","format":"int64"}""",
        ["format of a number"] = """{"type":"number","format":"double"}""",
        ["password"] = """{"type":"string","format":"password"}""",
        ["ipv6"] = """{"type":"string","format":"ipv6"}""",
        ["duration"] = """{"type":"string","format":"duration"}""",
        ["hostname"] = """{"type":"string","format":"hostname"}""",
        ["broken pattern"] = """{"type":"string","pattern":"["}""",
        ["python pattern"] = """{"type":"string","pattern":"(?P<year>[0-9]{4})\\Z"}""",
        ["inline flags"] = """{"type":"string","pattern":"(?i)^abc$"}""",
        ["script"] = """{"type":"string","pattern":"^\\p{Script=Greek}+$"}""",
        ["pattern and length"] = """{"type":"string","pattern":"^\\S+$","minLength":2,"maxLength":5}""",
        ["pattern of a number"] = """{"type":"integer","pattern":"^[0-9]+$"}""",
        ["draft 4 bounds"] = """{"type":"number","minimum":0,"exclusiveMinimum":true}""",
        ["bounds as text"] = """{"type":"number","minimum":"0.1","maximum":"2.5"}""",
        ["bounds of a date"] = """{"type":"string","format":"date","minimum":"2020-01-01"}""",
        ["contradiction"] = """{"type":"integer","minimum":5,"maximum":1}""",
        ["fine steps"] = """{"type":"number","multipleOf":0.01,"minimum":0,"maximum":1}""",
        ["tiny steps"] = """{"type":"number","multipleOf":1e-7}""",
        ["beyond a double"] = """{"type":"number","maximum":1e400,"minimum":-1e400}""",
        ["constant null"] = """{"const":null}""",
        ["constant object"] = """{"const":{"a":[1,2.0,"x"]}}""",
        ["constant 1.0"] = """{"type":"integer","const":1.0}""",
        ["odd names"] = """{"type":"object","properties":{"$filter":{"type":"string"},"@odata.type":{"type":"integer"},"a b":{"type":"boolean"},"":{"type":"null"},"\"q\\":{"const":1},"🎉":{"const":2}},"required":["$filter","@odata.type","a b","","\"q\\","🎉"]}""",
        ["required beyond the properties"] = """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a","b","a"]}""",
        ["required null"] = """{"type":"object","properties":{"a":{"type":"integer"}},"required":null}""",
        ["dependencies"] = """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"dependencies":{"a":["b"]}}""",
        ["pattern properties"] = """{"type":"object","patternProperties":{"^x-":{"type":"integer"}},"additionalProperties":false}""",
        ["property names"] = """{"type":"object","propertyNames":{"enum":["a","b"]},"additionalProperties":{"type":"integer"}}""",
        ["unevaluated"] = """{"allOf":[{"type":"object","properties":{"a":{"type":"integer"}}}],"unevaluatedProperties":false}""",
        ["if alone"] = """{"type":"object","properties":{"a":{"type":"integer"}},"if":{"required":["a"]}}""",
        ["malformed annotations"] = """{"type":"string","title":5,"description":["a","b"],"examples":"x","deprecated":"yes","$comment":null}""",
        ["extensions"] = """{"type":"string","x-order":1,"xml":{"name":"a"},"externalDocs":{},"readOnly":true,"example":"e"}""",
        ["reference with siblings"] = """{"$ref":"#/$defs/unit","description":"The unit.","default":"c"}""",
        ["escaped reference"] = """{"$ref":"#/$defs/a~1b%20c"}""",
        ["reference that names nothing"] = """{"$ref":"#/$defs/missing"}""",
        ["remote reference"] = """{"$ref":"https://example.com/schema.json"}""",
        ["reference to the root"] = """{"type":"object","properties":{"next":{"$ref":"#"}}}""",
        ["references in a circle"] = """{"$ref":"#/$defs/circle"}""",
        ["value without end"] = """{"$ref":"#/$defs/endless"}""",
        ["anchor"] = """{"$ref":"#unit"}""",
        ["dynamic reference"] = """{"$dynamicRef":"#unit"}""",
        ["id reference"] = """{"$ref":"unit.json"}""",
        ["deep"] = string.Concat(Enumerable.Repeat("""{"type":"object","properties":{"a":""", 20)) + """{"type":"integer"}""" + string.Concat(Enumerable.Repeat("""},"required":["a"]}""", 20)),
        ["many values"] = $$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"value {i}\""))}}]}""",
        ["many properties"] = """{"type":"object","properties":{""" + string.Join(",", Enumerable.Range(0, 60).Select(i => $"\"p{i}\":{{\"type\":\"string\"}}")) + "}}",
        ["long text"] = """{"type":"string","minLength":100000}""",
        ["long list"] = """{"type":"array","items":{"type":"integer"},"minItems":5000}""",
        ["union of objects"] = """{"anyOf":[{"type":"object","properties":{"kind":{"const":"a"},"x":{"type":"integer"}},"required":["kind","x"]},{"type":"object","properties":{"kind":{"const":"b"}},"required":["kind"]}],"discriminator":{"propertyName":"kind"}}""",
        ["types with keywords of others"] = """{"type":["string","integer","array"],"maxLength":3,"maximum":9,"items":{"type":"boolean"},"maxItems":1}""",
        ["dictionary of lists"] = """{"type":"object","additionalProperties":{"type":"array","items":{"type":"integer"},"maxItems":2},"maxProperties":2}""",
        ["not a type"] = """{"not":{"type":"null"}}""",
        ["not required"] = """{"type":"object","properties":{"a":{"type":"integer"}},"not":{"required":["b"]}}""",
    };

    // No answer can match: the only reason to refuse a schema that is not strict. A call of a function carries an error instead.
    private static readonly string[] Unsatisfiable = ["no types", "empty enum", "enum of another type", "contradiction", "value without end"];

    [Fact]
    public Task Function_OfAnySchema_IsCalledOrItsCallSaysWhy() => Cases.AllPassAsync(Parameters, async (_, parameter) =>
    {
        ChatResponse response = await fixture.Chat.GetResponseAsync("Go.", new ChatOptions
        {
            Tools = [AIFunctionFactory.CreateDeclaration("odd", "Takes a value.", Whole(parameter)), AIFunctionFactory.Create((string city) => city, "get_weather", "Get the current weather for a city.")],
            ToolMode = ChatToolMode.RequireSpecific("odd"),
            AllowMultipleToolCalls = false,
            MaxOutputTokens = MaxTokens,
            Temperature = 1.5f,
            Seed = 1,
        }).OrBroken("the answer");

        FunctionCallContent call = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().First();
        Assert.Equal("odd", call.Name);
        Assert.True(call.Arguments is not null || response.FinishReason == ChatFinishReason.Length);
    });

    [Fact]
    public Task Answer_OfAnySchema_IsGivenOrSaysWhatItViolates() => Cases.AllPassAsync(Parameters, async (name, parameter) =>
    {
        try
        {
            await fixture.Chat.GetResponseAsync("Go.", new ChatOptions
            {
                ResponseFormat = ChatResponseFormat.ForJsonSchema(Whole(parameter), "odd"),
                MaxOutputTokens = MaxTokens,
                Temperature = 1.5f,
                Seed = 1,
            }).OrBroken("the answer");
        }
        catch (UnsupportedSchemaException e) when (Unsatisfiable.Contains(name))
        {
            Assert.Contains("no value is valid", e.Message, StringComparison.Ordinal);
        }
        catch (StructuredOutputException e)
        {
            Assert.Equal(FinishReason.Stop, e.Result.FinishReason);
        }
    });

    [Theory]
    [InlineData("""{"type":"OBJECT","properties":{"city":{"type":"STRING"},"days":{"type":"INTEGER"}},"required":["city"]}""")]
    [InlineData("""{"type":"dict","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}""")]
    [InlineData("""{"properties":{"city":{"type":"string"}}}""")]
    [InlineData("""{"type":"object","properties":{"city":{"type":"string"}},"required":[],"$schema":"http://json-schema.org/draft-04/schema#","id":"x"}""")]
    [InlineData("""{"type":"object","required":["city"],"anyOf":[{"properties":{"city":{"type":"string"}}},{"properties":{"zip":{"type":"integer"}}}]}""")]
    [InlineData("""{"$ref":"#/$defs/args","$defs":{"args":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}""")]
    [InlineData("""{"type":"object","properties":[]}""")]
    [InlineData("""{"type":"string"}""")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{}")]
    public async Task Function_OfAnySchemaOfAllArguments_IsCalled(string schema)
    {
        ChatResponse response = await fixture.Chat.GetResponseAsync("What is the weather in Paris?", new ChatOptions
        {
            Tools = [AIFunctionFactory.CreateDeclaration("get_weather", "Get the current weather for a city.", JsonElement.Parse(schema))],
            ToolMode = ChatToolMode.RequireAny,
            AllowMultipleToolCalls = false,
            MaxOutputTokens = 120,
            Seed = 1,
        }).OrBroken("the answer");

        FunctionCallContent call = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().First();
        Assert.Equal("get_weather", call.Name);
    }

    private static JsonElement Whole(string parameter) => JsonElement.Parse(
        $$"""
        {
            "type": "object",
            "properties": { "value": {{parameter}} },
            "required": ["value"],
            "$defs": {
                "unit": { "$anchor": "unit", "$id": "unit.json", "enum": ["c", "f"] },
                "a/b c": { "type": "integer" },
                "circle": { "$ref": "#/$defs/round" },
                "round": { "$ref": "#/$defs/circle" },
                "endless": { "type": "object", "properties": { "a": { "$ref": "#/$defs/endless" } }, "required": ["a"] }
            }
        }
        """);
}
