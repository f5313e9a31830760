using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Schemas;

/// <summary>What a schema asks for and the engine cannot enforce is listed, and complete answers and calls are validated against it.</summary>
public sealed class SchemaDiagnosticTests : IAsyncDisposable
{
    private const string Odd = """{"type": "object", "properties": {"v": {"type": "string", "pattern": "^(.)\\1$", "condition": "always"}}, "required": ["v"]}""";

    private readonly FakeEngine _engine = new(new EngineScript().Answer("ok"));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public void Diagnostics_OfAToolAndAFormat_SayWhereWhatAndWhatHappensInstead()
    {
        IReadOnlyList<SchemaDiagnostic>[] found = [Tool.FromJson("f", null, Odd).Diagnostics, ResponseFormat.JsonSchema(Odd).Diagnostics];

        Assert.All(found, diagnostics =>
        {
            Assert.Equal(
                [("/properties/v", "condition", SchemaHandling.Ignored), ("/properties/v", "pattern", SchemaHandling.ValidatedAfterGeneration)],
                diagnostics.Select(one => (one.Path, one.Keyword, one.Handling)));
            Assert.Contains("back-references", diagnostics[1].Message, StringComparison.Ordinal);
            Assert.Contains("#/properties/v", diagnostics[1].ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Diagnostics_OfWhatIsEnforcedInFull_AreEmpty()
    {
        Assert.Empty(new Tool("f").Diagnostics);
        Assert.Empty(ResponseFormat.JsonObject.Diagnostics);
        Assert.Empty(ResponseFormat.JsonSchema("""{"type": "array", "items": {"type": "string", "format": "date"}}""").Diagnostics);
    }

    [Fact]
    public void Formats_OfTheSameSchema_AreEqualWhetherDiagnosedOrNot()
    {
        var one = ResponseFormat.JsonSchema(Odd);
        _ = one.Diagnostics;

        Assert.Equal(ResponseFormat.JsonSchema(Odd), one);
    }

    [Theory]
    [InlineData("""{"v": "aa"}""", null)]
    [InlineData("""{"v": "ab"}""", "$.v is \"ab\", which the pattern")]
    [InlineData("""{}""", "$ lacks 'v'")]
    public async Task Call_OfATool_IsValidatedAgainstAllOfItsSchema(string arguments, string? problem)
    {
        _engine.Script.Answer(new FakeReply().Call("f", arguments));
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        ChatResult answer = await client.ChatAsync("starter", "Go", new GenerationOptions { Tools = [Tool.FromJson("f", null, Odd)] }).OrBroken("the answer");

        ToolCall call = Assert.Single(answer.ToolCalls);
        Assert.Equal(problem is null, call.Error is null);
        Assert.Contains(problem ?? "", call.Error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatViolatesASchemaThatNeedNotBeEnforced_IsAnError()
    {
        _engine.Script.Answer("""{"v": "ab"}""");
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");
        var options = new GenerationOptions { ResponseFormat = ResponseFormat.JsonSchema(Odd, strict: false) };

        var error = await Assert.ThrowsAsync<StructuredOutputException>(() => client.ChatAsync("starter", "Go", options).OrBroken("the answer"));
        var streamed = await Assert.ThrowsAsync<StructuredOutputException>(() => client.ChatStreamAsync("starter", "Go", options).ToListAsync().AsTask().OrBroken("the stream"));
        IReadOnlyList<ChatResult> batch = await client.ChatBatchAsync("starter", [[Message.User("Go")]], options).OrBroken("the batch");

        Assert.Contains("$.v", error.Message, StringComparison.Ordinal);
        Assert.Equal("""{"v": "ab"}""", error.Result.Text);
        Assert.Equal(error.Message, streamed.Message);
        Assert.IsType<StructuredOutputException>(Assert.Single(batch).Error);
    }

    [Fact]
    public async Task Answer_ThatFitsASchemaThatNeedNotBeEnforced_IsTheAnswer()
    {
        _engine.Script.Answer("""{"v": "aa"}""");
        await using Client client = await _engine.ConnectAsync().OrBroken("the connection");

        ChatResult answer = await client.ChatAsync("starter", "Go", new GenerationOptions { ResponseFormat = ResponseFormat.JsonSchema(Odd, strict: false) }).OrBroken("the answer");

        Assert.Equal("""{"v": "aa"}""", answer.Text);
    }

    [Theory]
    [InlineData("""{"type": ["object", "null"]}""")]
    [InlineData("""{"type": "object", "properties": null, "required": null}""")]
    [InlineData("""{"type": "object", "properties": {"a": {"type": "string", "required": true}}, "required": true}""")]
    [InlineData("""{"properties": {"a": null}}""")]
    [InlineData("{}")]
    public void Tool_WithASchemaThatGeneratorsWrite_IsATool(string schema) => Assert.NotNull(Tool.FromJson("f", null, schema).Diagnostics);
}
