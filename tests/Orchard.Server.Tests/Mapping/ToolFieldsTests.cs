using System.Text.Json;
using Orchard.Server.Errors;
using Orchard.Server.Generation;

namespace Orchard.Server.Tests.Mapping;

/// <summary>Tools and the choice among them, in the shapes of every dialect.</summary>
public sealed class ToolFieldsTests
{
    [Theory]
    [InlineData("""[{"type": "function", "function": {"name": "f", "description": "d", "strict": true}}]""", "f!", "")]
    [InlineData("""[{"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": null}]""", "f", "")]
    [InlineData("""[{"name": "f", "input_schema": {"type": "object"}}]""", "f", "")]
    [InlineData("""[{"type": "custom", "custom": {"name": "f"}}, {"type": "custom", "name": "g", "input_schema": {}}]""", "f g", "")]
    [InlineData(
        """[{"type": "namespace", "name": "n", "tools": [{"type": "function", "name": "f"}, {"type": "x"}]}]""",
        "f",
        "tools[0].tools[1].x")]
    [InlineData("""[{"type": "local_shell"}, {"type": "web_search"}]""", "local_shell", "tools[1].web_search")]
    [InlineData("null", "", "")]
    public void Tools_AreRead(string json, string names, string ignored)
    {
        var left = new List<string>();

        IReadOnlyList<Tool> tools = ToolFields.Read(Field("tools", json), left);

        Assert.Equal(names, string.Join(' ', tools.Select(tool => tool.IsStrict ? $"{tool.Name}!" : tool.Name)));
        Assert.Equal(ignored, string.Join(' ', left));
    }

    [Theory]
    [InlineData("5", "tools")]
    [InlineData("[5]", "tools[0]")]
    [InlineData("""[{"type": "function"}]""", "tools[0].name")]
    [InlineData("""[{"type": "function", "function": {"name": "no spaces"}}]""", "tools[0].function")]
    [InlineData("""[{"type": "function", "function": {"name": "f", "parameters": {"type": "string"}}}]""", "tools[0].function")]
    [InlineData("""[{"type": "function", "function": {"name": "f", "parameters": []}}]""", "tools[0].function.parameters")]
    public void Tools_ThatAreNone_AreNamed(string json, string param) =>
        Assert.Equal(param, Assert.Throws<ApiException>(() => ToolFields.Read(Field("tools", json), [])).Error.Param);

    [Theory]
    [InlineData("null", "Auto", "f g")]
    [InlineData("\"auto\"", "Auto", "f g")]
    [InlineData("\"none\"", "None", "f g")]
    [InlineData("\"required\"", "Required", "f g")]
    [InlineData("""{"type": "any"}""", "Required", "f g")]
    [InlineData("""{"type": "function", "function": {"name": "g"}}""", "g", "f g")]
    [InlineData("""{"type": "function", "name": "g"}""", "g", "f g")]
    [InlineData("""{"type": "tool", "name": "g"}""", "g", "f g")]
    [InlineData(
        """
        {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [{"type": "function", "function": {"name": "g"}}]}}
        """,
        "Required",
        "g")]
    [InlineData("""{"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "g"}]}""", "Auto", "g")]
    public void Choice_IsRead(string json, string choice, string names)
    {
        GenerationOptions options = ToolChoiceField.Apply(
            new GenerationOptions { Tools = [new Tool("f"), new Tool("g")] }, Field("tool_choice", json));

        ToolChoice expected = choice switch
        {
            "Auto" => ToolChoice.Auto,
            "None" => ToolChoice.None,
            "Required" => ToolChoice.Required,
            _ => ToolChoice.Named(choice),
        };
        Assert.Equal(expected, options.ToolChoice);
        Assert.Equal(names, string.Join(' ', options.Tools));
    }

    [Theory]
    [InlineData("\"maybe\"", "tool_choice")]
    [InlineData("5", "tool_choice")]
    [InlineData("""{"type": "function", "function": {"name": "h"}}""", "tool_choice.function.name")]
    [InlineData("""{"type": "mcp"}""", "tool_choice.type")]
    public void Choice_ThatIsNone_IsNamed(string json, string param) => Assert.Equal(
        param,
        Assert.Throws<ApiException>(() => ToolChoiceField.Apply(
            new GenerationOptions { Tools = [new Tool("f")] }, Field("tool_choice", json))).Error.Param);

    private static Field Field(string name, string json) => new(name, JsonSerializer.Deserialize<JsonElement>(json));
}
