using System.Text.Json;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Tools;

/// <summary>What cannot be sent is refused before anything is.</summary>
public sealed class ToolRulesTests
{
    private static readonly Tool Weather = Tool.FromJson("get_weather", "The weather.", """{"type": "object", "properties": {"city": {"type": "string"}}}""");
    private static readonly Tool Add = new("add");

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("quote\"")]
    [InlineData("brace}")]
    [InlineData("zażółć")]
    public void Tool_NameThatModelsCannotWrite_IsRefused(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<ArgumentException>(() => new Tool(name)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[]", "Array")]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"type": "string"}""", "'type' is \"string\"")]
    [InlineData("""{"type": ["string", "null"]}""", "'type' is")]
    [InlineData("""{"properties": []}""", "'properties' is Array")]
    [InlineData("""{"type": "object", "required": "city"}""", "'required'")]
    public void Tool_MalformedSchema_IsRefusedWithItsName(string schema, string why)
    {
        var error = Assert.Throws<ArgumentException>(() => Tool.FromJson("get_weather", null, schema));

        Assert.Equal("parameters", error.ParamName);
        Assert.Contains("'get_weather'", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_SchemaOfADisposedDocument_IsACopy()
    {
        Tool tool;
        using (JsonDocument schema = JsonDocument.Parse("""{"type": "object"}"""))
        {
            tool = new Tool("a", null, schema.RootElement);
        }

        Assert.Equal("object", tool.Parameters.GetProperty("type").GetString());
    }

    public static TheoryData<GenerationOptions, string> Conflicts { get; } = new()
    {
        { new GenerationOptions { Tools = null! }, "Tools" },
        { new GenerationOptions { Tools = [Add, Add] }, "Tools" },
        { new GenerationOptions { Tools = [null!] }, "Tools" },
        { new GenerationOptions { ToolChoice = ToolChoice.Required }, "ToolChoice" },
        { new GenerationOptions { Tools = [Add], ToolChoice = ToolChoice.Named("sub") }, "ToolChoice" },
        { new GenerationOptions { Tools = [Add], ToolChoice = null! }, "ToolChoice" },
        { new GenerationOptions { Tools = [Add], MinToolCalls = 0 }, "MinToolCalls" },
        { new GenerationOptions { Tools = [Add], MinToolCalls = 3, MaxToolCalls = 2 }, "MaxToolCalls" },
        { new GenerationOptions { Tools = [Add], IgnoreEndOfSequence = true }, "IgnoreEndOfSequence" },
        { new GenerationOptions { EnableReasoning = false, ReasoningEffort = ReasoningEffort.High }, "ReasoningEffort" },
    };

    [Theory]
    [MemberData(nameof(Conflicts))]
    public async Task Chat_ConflictingOptions_AreRefusedBeforeSending(GenerationOptions options, string name) =>
        Assert.Equal(name, (await RefusedAsync([Message.User("Hi")], options)).ParamName);

    public static TheoryData<Message[], string> Malformed { get; } = new()
    {
        { [new Message(MessageRole.User, "Hi") { ToolCalls = [new ToolCall("a1", "add", "{}")] }], "not Assistant" },
        { [new Message(MessageRole.User, "Hi") { ToolCalls = null! }], "null list" },
        { [Message.Assistant("", [null!])], "a call that is null" },
        { [Message.Assistant("", [new ToolCall("a1", null!, "{}")])], "null id, name" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Chat_MalformedMessages_AreRefusedBeforeSending(Message[] messages, string why) =>
        Assert.Contains(why, (await RefusedAsync(messages, new GenerationOptions { Tools = [Weather, Add] })).Message, StringComparison.Ordinal);

    private static async Task<ArgumentException> RefusedAsync(Message[] messages, GenerationOptions options)
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("ok"));
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => client.ChatAsync("starter", messages, options));

        Assert.Empty(engine.Requests);
        return error;
    }
}
