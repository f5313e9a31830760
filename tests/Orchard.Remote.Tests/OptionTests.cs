using System.Text.Json.Nodes;
using Orchard.TestSupport;

namespace Orchard.Remote.Tests;

/// <summary>How options are written for each kind of server, and which are refused.</summary>
public sealed class OptionTests
{
    public static TheoryData<RemoteKind, string> Defaults => new()
    {
        { RemoteKind.Vllm, """{"temperature":0.8,"top_p":0.95,"top_k":40,"min_p":0.05,"repetition_penalty":1,"frequency_penalty":0,"presence_penalty":0}""" },
        { RemoteKind.SgLang, """{"temperature":0.8,"top_p":0.95,"top_k":40,"min_p":0.05,"repetition_penalty":1,"frequency_penalty":0,"presence_penalty":0}""" },
        { RemoteKind.LlamaServer, """{"temperature":0.8,"top_p":0.95,"top_k":40,"min_p":0.05,"typical_p":1,"repeat_penalty":1,"frequency_penalty":0,"presence_penalty":0,"repeat_last_n":64}""" },
        { RemoteKind.Ollama, """{"temperature":0.8,"top_p":0.95,"frequency_penalty":0,"presence_penalty":0}""" },
        { RemoteKind.LmStudio, """{"temperature":0.8,"top_p":0.95,"top_k":40,"repeat_penalty":1,"frequency_penalty":0,"presence_penalty":0}""" },
        { RemoteKind.OpenAI, """{"temperature":0.8,"top_p":0.95,"frequency_penalty":0,"presence_penalty":0}""" },
        { RemoteKind.Orchard, """{"temperature":0.8,"top_p":0.95,"top_k":40,"min_p":0.05,"typical_p":1,"repeat_penalty":1,"frequency_penalty":0,"presence_penalty":0,"repeat_last_n":64}""" },
    };

    public static TheoryData<string, RemoteKind, string> Written => new(OptionCases.All
        .SelectMany(static one => one.Written.Select(pair => (one.Name, pair.Key, pair.Value))));

    public static TheoryData<string, RemoteKind> Refused => new(OptionCases.All
        .SelectMany(static one => one.Refused.Select(kind => (one.Name, kind))));

    [Theory]
    [MemberData(nameof(Defaults))]
    public async Task NoOptions_SamplingDefaultsAreSent(RemoteKind kind, string sampling)
    {
        JsonObject body = await SendAsync(kind, new GenerationOptions());

        JsonObject expected = JsonNode.Parse(sampling)!.AsObject();
        expected["model"] = "qwen3";
        expected["messages"] = JsonNode.Parse("""[{"role":"user","content":"Hi"}]""");
        expected["stream"] = true;
        expected["stream_options"] = JsonNode.Parse("""{"include_usage":true}""");
        Assert.True(JsonNode.DeepEquals(expected, body), body.ToJsonString());
    }

    [Fact]
    public async Task NoOptions_SamplingIsLeftToTheServer_NothingIsSent()
    {
        JsonObject body = await SendAsync(RemoteKind.Vllm, new GenerationOptions(), endpoint => endpoint.UseServerSampling = true);

        Assert.Equal(["model", "messages", "stream", "stream_options"], body.Select(static pair => pair.Key));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public async Task Option_IsWritten(string name, RemoteKind kind, string members)
    {
        JsonObject body = await SendAsync(kind, OptionCases.All.Single(one => one.Name == name).Options);

        foreach ((string member, JsonNode? value) in JsonNode.Parse(members)!.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(value, body[member]), $"{member}: {body[member]?.ToJsonString()}");
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Option_NotSupported_IsRefusedByNameBeforeAnythingIsSent(string name, RemoteKind kind)
    {
        OptionCase one = OptionCases.All.Single(each => each.Name == name);
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("ok")));
        await using Client client = Servers.ClientOf(server, endpoint => endpoint.Kind = kind);

        var error = await Assert.ThrowsAsync<NotSupportedException>(
            () => client.ChatAsync(Servers.Model, [Message.User("Hi")], one.Options).OrBroken("the refusal"));

        Assert.Contains(one.Option, error.Message, StringComparison.Ordinal);
        Assert.Contains("cluster", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Chats);
    }

    [Theory]
    [InlineData("a\\bb", "word boundaries")]
    [InlineData("[^\\s\\S]", "No text matches")]
    public async Task Regex_NoGrammarForIt_IsRefusedBeforeAnythingIsSent(string pattern, string says)
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("ok")));
        await using Client client = Servers.ClientOf(server, endpoint => endpoint.Kind = RemoteKind.LlamaServer);
        var options = new GenerationOptions { ResponseFormat = ResponseFormat.Regex(pattern) };

        var error = await Assert.ThrowsAsync<RequestRejectedException>(
            () => client.ChatAsync(Servers.Model, [Message.User("Hi")], options).OrBroken("the refusal"));

        Assert.Equal(RequestErrorCodes.InvalidResponseFormat, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("llama-server", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Chats);
    }

    [Fact]
    public async Task BestEffort_NotSupported_IsLeftOutAndListed()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("ok")));
        await using Client client = Servers.ClientOf(server, endpoint => endpoint.BestEffort = true);

        ChatResult answer = await client.ChatAsync(
            Servers.Model, [Message.User("Hi")], new GenerationOptions { Mirostat = new(), IsDeterministic = true }).OrBroken("the answer");

        Assert.Equal(["Mirostat", "IsDeterministic"], answer.IgnoredOptions);
    }

    [Fact]
    public async Task Conversation_HasCallsResultsAndReasoning()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("ok")));
        await using Client client = Servers.ClientOf(server);

        await client.ChatAsync(
            Servers.Model,
            [
                Message.System("Be \"brief\"."),
                Message.User("Grüße 🌍"),
                new Message(MessageRole.Assistant, "") { ToolCalls = [new ToolCall("c1", "first", "{\"a\":1}")], Reasoning = "Hm." },
                new Message(MessageRole.Tool, "42"),
            ]).OrBroken("the answer");

        JsonNode expected = JsonNode.Parse(
            """
            [{"role":"system","content":"Be \"brief\"."},{"role":"user","content":"Grüße 🌍"},
             {"role":"assistant","content":null,"reasoning":"Hm.","reasoning_content":"Hm.",
              "tool_calls":[{"id":"c1","type":"function","function":{"name":"first","arguments":"{\"a\":1}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"42"}]
            """)!;
        JsonNode actual = JsonNode.Parse(server.Chats[0].Body)!["messages"]!;
        Assert.True(JsonNode.DeepEquals(expected, actual), actual.ToJsonString());
    }

    private static async Task<JsonObject> SendAsync(
        RemoteKind kind, GenerationOptions options, Action<RemoteEndpoint>? configure = null)
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(
            options.CandidateCount > 1 ? Servers.Event(new { }, "stop") + Servers.Event(new { }, "stop", 1) + "data: [DONE]\n\n" : Servers.Answer("ok")));
        await using Client client = Servers.ClientOf(server, endpoint =>
        {
            endpoint.Kind = kind;
            configure?.Invoke(endpoint);
        });
        await Record.ExceptionAsync(() => client.ChatAsync(Servers.Model, [Message.User("Hi")], options).OrBroken("the answer"));
        return JsonNode.Parse(Assert.Single(server.Chats).Body)!.AsObject();
    }
}
