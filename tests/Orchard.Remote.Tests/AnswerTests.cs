using System.Text.Json;
using Orchard.TestSupport;

namespace Orchard.Remote.Tests;

/// <summary>What arrives, in the shapes of several servers.</summary>
public sealed class AnswerTests
{
    private static readonly Tool Weather = new(
        "weather", null, JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""").RootElement);

    [Theory]
    [InlineData("reasoning")]
    [InlineData("reasoning_content")]
    public async Task Reasoning_ByEitherName_IsApartFromTheText(string name)
    {
        ChatResult answer = await AskAsync(
            Servers.Event(new Dictionary<string, string> { [name] = "Hm" }) + Servers.Event(new Dictionary<string, string> { [name] = "m." })
            + Servers.Text("Yes") + Servers.End());

        Assert.Equal(("Hmm.", "Yes"), (answer.Reasoning, answer.Text));
    }

    [Fact]
    public async Task Reasoning_ByBothNames_IsThereOnce()
    {
        ChatResult answer = await AskAsync(Servers.Event(new { reasoning = "Hm", reasoning_content = "Hm" }) + Servers.Text("Yes") + Servers.End());

        Assert.Equal("Hm", answer.Reasoning);
    }

    [Theory]
    [InlineData("stop", FinishReason.Stop)]
    [InlineData("length", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("tool_calls", FinishReason.ToolCalls)]
    [InlineData("function_call", FinishReason.ToolCalls)]
    [InlineData("repetition", FinishReason.Unknown)]
    public async Task FinishReason_IsMapped(string name, FinishReason expected) =>
        Assert.Equal(expected, (await AskAsync(Servers.Text("x") + Servers.End(name))).FinishReason);

    [Fact]
    public async Task HalvesOfACharacter_InTwoParts_ArriveTogether()
    {
        const string Half = """data: {"choices":[{"index":0,"delta":{"content":"a\uD83C"}}]}""";
        const string Rest = """data: {"choices":[{"index":0,"delta":{"content":"\uDF0Db\n\u00fc"}}]}""";
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked($"{Half}\n\n{Rest}\n\n{Servers.End()}"));
        await using Client client = Servers.ClientOf(server);

        var parts = new List<string>();
        await foreach (ChatDelta delta in client.ChatStreamAsync(Servers.Model, "Hi"))
        {
            parts.Add(delta.Text);
        }

        Assert.Equal(["a", "🌍b\nü", ""], parts);
    }

    [Fact]
    public async Task Logprobs_AreReadByTheirBytes()
    {
        const string Event =
            """data: {"choices":[{"index":0,"delta":{"content":"ü"},"logprobs":{"content":[{"token":"�","bytes":[195],"logprob":-0.5,"top_logprobs":[{"token":"a","logprob":-1,"bytes":null,"id":7}]},{"token":"�","bytes":[188],"logprob":-0.25,"top_logprobs":[]}]}}]}""";
        ChatResult answer = await AskAsync($"{Event}\n\n{Servers.End()}", new GenerationOptions { TopLogprobs = 1 });

        Assert.Equal([[195], [188]], answer.Logprobs.Select(static token => token.Bytes.ToArray()));
        Assert.Equal(-0.75, answer.CumulativeLogprob);
        TokenLogprob top = Assert.Single(answer.Logprobs[0].TopLogprobs);
        Assert.Equal(("a", 7, -1.0), (top.Text, top.Id, top.Logprob));
        Assert.Equal(-1, answer.Logprobs[0].Id);
    }

    [Fact]
    public async Task ToolCalls_InParts_AreAssembledAndValidated()
    {
        ChatResult answer = await AskAsync(
            Call(0, "a", "weather", "{\"ci") + Call(0, null, null, "ty\":\"Rome\"}") + Call(1, "b", "weather", "{}") + Call(2, "c", "none", "{}")
            + Servers.End("tool_calls"),
            new GenerationOptions { Tools = [Weather] });

        Assert.Equal(FinishReason.ToolCalls, answer.FinishReason);
        Assert.Equal(["{\"city\":\"Rome\"}", "{}", "{}"], answer.ToolCalls.Select(static call => call.Arguments));
        Assert.Equal(3, answer.ToolCalls.Select(static call => call.Id).Distinct().Count());
        Assert.Null(answer.ToolCalls[0].Error);
        Assert.Contains("city", answer.ToolCalls[1].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("no such tool", answer.ToolCalls[2].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolCalls_AllWithTheSameIndexOrNone_AreApart()
    {
        ChatResult same = await AskAsync(
            Call(0, "a", "weather", "{\"city\":\"Rome\"}") + Call(0, "b", "weather", "{\"city\":\"Oslo\"}") + Servers.End(),
            new GenerationOptions { Tools = [Weather] });
        ChatResult none = await AskAsync(
            Call(null, "a", "weather", "{\"city\":\"Rome\"}") + Call(null, "b", "weather", "{\"city\":\"Oslo\"}") + Servers.End(),
            new GenerationOptions { Tools = [Weather] });

        string[] expected = ["{\"city\":\"Rome\"}", "{\"city\":\"Oslo\"}"];
        Assert.Equal(expected, same.ToolCalls.Select(static call => call.Arguments));
        Assert.Equal(expected, none.ToolCalls.Select(static call => call.Arguments));
        Assert.Equal(FinishReason.ToolCalls, same.FinishReason);
    }

    [Fact]
    public async Task ToolCalls_CutByTheLimit_SaySo()
    {
        ChatResult answer = await AskAsync(
            Call(0, "a", "weather", "{\"city\":\"Rome\"}") + Call(1, "b", "weather", "{\"ci") + Servers.End("length"),
            new GenerationOptions { Tools = [Weather] });

        Assert.Null(answer.ToolCalls[0].Error);
        Assert.Contains("ended before the call did", answer.ToolCalls[1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolCalls_MoreThanAllowed_AreLeftOut()
    {
        ChatResult answer = await AskAsync(
            Call(0, "a", "weather", "{\"city\":\"Rome\"}") + Call(1, "b", "weather", "{\"city\":\"Oslo\"}") + Servers.End(),
            new GenerationOptions { Tools = [Weather], MaxToolCalls = 1 });

        Assert.Equal("{\"city\":\"Rome\"}", Assert.Single(answer.ToolCalls).Arguments);
    }

    [Fact]
    public async Task Candidates_ShareTheUsage()
    {
        ChatResult answer = await AskAsync(
            Servers.Text("a", 0) + Servers.Text("x", 1) + Servers.Text("b", 0) + Servers.Text("c", 0)
            + Servers.Event(new { }, "stop", 1) + Servers.End(prompt: 9, completion: 8),
            new GenerationOptions { CandidateCount = 2 });

        Assert.Equal(("abc", "x"), (answer.Text, Assert.Single(answer.Alternatives).Text));
        Assert.Equal((9, 8), (answer.ConversationUsage.PromptTokens, answer.ConversationUsage.CompletionTokens));
        Assert.Equal(6, answer.Usage.CompletionTokens);
    }

    [Fact]
    public async Task BestOf_TheMostProbableIsReturned()
    {
        string Event(string text, double logprob, int index) => "data: " + JsonSerializer.Serialize(new
        {
            choices = new[]
            {
                new { index, delta = new { content = text }, logprobs = new { content = new[] { new { token = text, logprob } } } },
            },
        }) + "\n\n";
        ChatResult answer = await AskAsync(
            Event("worse", -3, 0) + Event("better", -1, 1) + Servers.Event(new { }, "stop", 1) + Servers.End(),
            new GenerationOptions { BestOf = 2 });

        Assert.Equal("better", answer.Text);
        Assert.Empty(answer.Logprobs);
    }

    [Fact]
    public async Task StrictSchema_ServerDoesNotEnforceIt_IsAnError()
    {
        var options = new GenerationOptions { ResponseFormat = ResponseFormat.JsonSchema("""{"type":"object","required":["a"]}""") };

        await Assert.ThrowsAsync<StructuredOutputException>(() => AskAsync(Servers.Answer("{}"), options));
        Assert.Equal("{\"a\":1}", (await AskAsync(Servers.Answer("{\"a\":1}"), options)).Text);
    }

    [Fact]
    public async Task Usage_ThatCannotBeTrue_IsCorrected()
    {
        ChatResult answer = await AskAsync(
            Servers.Event(new { content = "x" }, "stop")
            + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":-5,\"prompt_tokens_details\":{\"cached_tokens\":99999999999}}}\n\n");

        Assert.Equal(new Usage { PromptTokens = 3 }, answer.Usage);
    }

    [Fact]
    public async Task Batch_OneConversationFails_TheOthersAreAnswered()
    {
        await using WireServer server = Servers.Vllm(request => request.Body.Contains("bad", StringComparison.Ordinal)
            ? WireReply.Json("""{"error":{"message":"no"}}""", 400)
            : WireReply.Chunked(Servers.Answer(request.Json.GetProperty("messages")[0].GetProperty("content").GetString()!)));
        await using Client client = Servers.ClientOf(server, endpoint => endpoint.MaxConcurrentRequests = 3);

        IReadOnlyList<ChatResult> answers = await client.ChatBatchAsync(
            Servers.Model, [.. Enumerable.Range(0, 20).Select(i => (IReadOnlyList<Message>)[Message.User(i == 7 ? "bad" : $"q{i}")])]).OrBroken("the batch");

        Assert.Equal(Enumerable.Range(0, 20).Select(static i => i == 7 ? "" : $"q{i}"), answers.Select(static answer => answer.Text));
        Assert.IsType<RequestRejectedException>(answers[7].Error);
        Assert.Equal(20, server.Chats.Length);
        Assert.InRange(server.Connections, 1, 5);
    }

    [Fact]
    public async Task Connection_AfterAnAnswer_IsUsedAgain()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("ok")));
        await using Client client = Servers.ClientOf(server);

        for (int i = 0; i < 5; i++)
        {
            await client.ChatAsync(Servers.Model, "Hi").OrBroken("the answer");
        }

        Assert.Equal(1, server.Connections);
    }

    private static string Call(int? index, string? id, string? name, string arguments)
    {
        var call = new Dictionary<string, object?> { ["id"] = id, ["type"] = "function", ["function"] = new { name, arguments } };
        if (index is not null)
        {
            call["index"] = index;
        }

        return Servers.Event(new { tool_calls = new[] { call } });
    }

    private static async Task<ChatResult> AskAsync(string events, GenerationOptions? options = null)
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(events));
        await using Client client = Servers.ClientOf(server);
        return await client.ChatAsync(Servers.Model, [Message.User("Hi")], options).OrBroken("the answer");
    }
}
