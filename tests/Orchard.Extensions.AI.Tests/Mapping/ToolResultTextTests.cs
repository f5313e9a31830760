using System.Text.Json;

namespace Orchard.Extensions.AI.Tests.Mapping;

/// <summary>What a model reads of a tool's result.</summary>
public sealed class ToolResultTextTests
{
    private const string Image = "[image/png, 3 bytes, which cannot be shown to the model]";

    private static readonly int[] Numbers = [1, 2];

    private static readonly AIContent[] Contents = [new TextContent("One."), new DataContent(new byte[] { 1, 2, 3 }, "image/png"), new TextContent("Two.")];

    public static TheoryData<object?, string> Results => new()
    {
        { null, "null" },
        { "text", "text" },
        { 5, "5" },
        { Numbers, "[1,2]" },
        { Json("""{ "a": "ż" }"""), """{"a":"ż"}""" },
        { Json("\"plain\""), "plain" },
        { Json("\"\\ud83d!\""), "\ud83d!" },
        { new TextContent("One."), "One." },
        { Contents, $"One.\n{Image}\nTwo." },
        { new List<AIContent>(Contents), $"One.\n{Image}\nTwo." },
        { JsonSerializer.SerializeToElement<IEnumerable<AIContent>>(Contents, AIJsonUtilities.DefaultOptions), $"One.\n{Image}\nTwo." },
        { JsonSerializer.SerializeToElement<AIContent>(Contents[1], AIJsonUtilities.DefaultOptions), Image },
        { new ErrorContent("no"), "Error: no" },
        { new byte[] { 1, 2, 3 }, "[binary data, 3 bytes, which cannot be shown to the model]" },
        { "data:image/png;base64,AQID", Image },
        { Json("""{"name": "cat", "picture": "data:image/png;base64,AQID"}"""), $$"""{"name":"cat","picture":"{{Image}}"}""" },
        { "data: none", "data: none" },

        { double.NaN, "NaN" },
        { new { A = float.PositiveInfinity }, """{"a":"Infinity"}""" },
        { typeof(string), "System.String" },
        { new InvalidOperationException("out of order"), "Error: out of order" },
        { new { Image = new byte[3000] }, """{"image":"[binary data, 3000 bytes, which cannot be shown to the model]"}""" },
        { new ChatMessage(ChatRole.Assistant, "nested"), "nested" },
        { new ChatResponse(new ChatMessage(ChatRole.Assistant, "nested")), "nested" },

        // Model Context Protocol
        { Json("""{"content": [{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]}"""), "One.\nTwo." },
        { Json("""{"content": [{"type": "text", "text": "No such city."}], "isError": true}"""), "Error: No such city." },
        { Json("""{"content": [{"type": "text", "text": "{\"t\": 3}"}], "structuredContent": {"t": 3}, "isError": false, "_meta": {"id": 1}}"""), """{"t":3}""" },
        { Json("""{"content": [{"type": "text", "text": "Cold."}], "structuredContent": {"t": 3}}"""), "Cold.\n{\"t\":3}" },
        { Json("""{"content": [], "structuredContent": {"t": 3}}"""), """{"t":3}""" },
        { Json("""{"content": [{"type": "image", "data": "AQID", "mimeType": "image/png"}]}"""), Image },
        { Json("""{"content": [{"type": "audio", "data": "AQI=", "mimeType": "audio/wav"}]}"""), "[audio/wav, 2 bytes, which cannot be shown to the model]" },
        { Json("""{"content": [{"type": "resource", "resource": {"uri": "file:///a.txt", "text": "inside"}}]}"""), "inside" },
        { Json("""{"content": [{"type": "resource", "resource": {"uri": "file:///a.bin", "blob": "AQID"}}]}"""), "[file:///a.bin, binary data, 3 bytes, which cannot be shown to the model]" },
        { Json("""{"content": [{"type": "resource_link", "uri": "file:///a.txt", "name": "a"}]}"""), "[resource: file:///a.txt]" },

        // Objects that only look like it.
        { Json("""{"content": [{"type": "chapter"}]}"""), """{"content":[{"type":"chapter"}]}""" },
        { Json("""{"content": []}"""), """{"content":[]}""" },
        { Json("""{"content": [{"type": "text", "text": "x"}], "score": 2}"""), """{"content":[{"type":"text","text":"x"}],"score":2}""" },
        { Json("""{"$type": "whale"}"""), """{"$type":"whale"}""" },
        { Json("[]"), "[]" },
    };

    [Theory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public void Result_AnyForm_IsTextForAModel(object? result, string expected) =>
        Assert.Equal(expected, ToolResultText.Of(new FunctionResultContent("a1", result)));

    [Fact]
    public void Result_ThatContainsItself_Ends()
    {
        var circle = new Dictionary<string, object?>();
        circle["self"] = circle;

        Assert.Equal("""{"self":null}""", ToolResultText.Of(new FunctionResultContent("a1", circle)));
    }

    [Fact]
    public void Result_Exception_SaysSo() =>
        Assert.Equal("Error: broken", ToolResultText.Of(new FunctionResultContent("a1", null) { Exception = new InvalidOperationException("broken") }));

    [Fact]
    public void Result_ImageOf200Kilobytes_IsShort() => Assert.InRange(
        ToolResultText.Of(new FunctionResultContent("a1", new AIContent[] { new DataContent(new byte[200_000], "image/png") })).Length, 1, 100);

    private static JsonElement Json(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
