using Microsoft.Extensions.Time.Testing;
using Orchard.TestSupport;

namespace Orchard.Remote.Tests;

/// <summary>Which models a server has, and which kind of server it is.</summary>
public sealed class ModelTests
{
    public static TheoryData<string, string> Kinds => new()
    {
        { "vLLM", """{"/v1/models":{"data":[{"id":"qwen3","owned_by":"vllm"}]}}""" },
        { "vLLM", """{"/v1/models":{"data":[{"id":"qwen3","owned_by":"me"}]},"/version":{"version":"0.12.0"}}""" },
        { "SGLang", """{"/v1/models":{"data":[{"id":"qwen3","owned_by":"sglang"}]}}""" },
        { "SGLang", """{"/v1/models":{"data":[{"id":"qwen3"}]},"/get_server_info":{"model_path":"x"},"/version":{"version":"1"}}""" },
        { "llama-server", """{"/v1/models":{"data":[{"id":"qwen3","owned_by":"llamacpp"}]}}""" },
        { "llama-server", """{"/v1/models":{"data":[{"id":"qwen3"}]},"/props":{"default_generation_settings":{}}}""" },
        { "Ollama", """{"/v1/models":{"data":[{"id":"qwen3:latest","owned_by":"library"}]},"/api/version":{"version":"0.13"}}""" },
        { "LM Studio", """{"/v1/models":{"data":[{"id":"qwen3"}]},"/api/v0/models":{"data":[]}}""" },
        { "a server of OpenAI's API", """{"/v1/models":{"data":[{"id":"qwen3"}]}}""" },
        { "Orchard.Server", """{"/v1/models":{"data":[{"id":"qwen3","meta":{"size":1},"capabilities":[],"display_name":"x","state":"loaded"}]}}""" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Auto_KindIsFoundOnce(string title, string answers)
    {
        var routes = System.Text.Json.Nodes.JsonNode.Parse(answers)!.AsObject();
        await using var server = new WireServer(request => routes[request.Path] is { } body
            ? WireReply.Json(body.ToJsonString())
            : WireReply.Json("""{"detail":"Not Found"}""", 404));
        await using Client client = Servers.ClientOf(server);
        var options = new GenerationOptions { LoraAdapters = [new LoraAdapter(typeof(ModelTests).Assembly.Location)] };

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => client.ChatAsync(Servers.Model, [Message.User("Hi")], options).OrBroken("it"));
        int requests = server.Requests.Count;
        await Assert.ThrowsAsync<NotSupportedException>(() => client.ChatAsync(Servers.Model, [Message.User("Hi")], options).OrBroken("it"));

        Assert.Contains($"by {title} at", error.Message, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task EnsureLoaded_ManyCallers_OneInquiry()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new WireServer(_ => new WireReply().Await(gate.Task).Send(
            $"HTTP/1.1 200 OK\r\nContent-Length: {Servers.VllmModels.Length}\r\n\r\n{Servers.VllmModels}"));
        await using Client client = Servers.ClientOf(server);
        using var leaving = new CancellationTokenSource();

        Task<ModelInfo>[] staying = [.. Enumerable.Range(0, 32).Select(_ => client.Models.EnsureLoadedAsync(Servers.Model))];
        Task<ModelInfo>[] cancelled = [.. Enumerable.Range(0, 32).Select(_ => client.Models.EnsureLoadedAsync(Servers.Model, cancellationToken: leaving.Token))];
        Assert.Equal(ModelState.Loading, client.Models.GetStatus(Servers.Model).State);
        await leaving.CancelAsync();
        gate.SetResult();

        ModelInfo[] infos = await Task.WhenAll(staying).OrBroken("those who stay");
        Assert.Single(infos.Distinct());
        Assert.Equal(("cluster/qwen3", 4096), (infos[0].Id, infos[0].ContextLength));
        Assert.All(cancelled, call => Assert.True(call.IsCanceled));
        Assert.Single(server.Requests);
        ModelStatus status = client.Models.GetStatus(Servers.Model);
        Assert.Equal((ModelState.Ready, 0), (status.State, status.Users));
        Assert.Same(infos[0], status.Info);
    }

    [Fact]
    public async Task EnsureLoaded_AfterAFailure_AsksAgain()
    {
        bool isUp = false;
        await using var server = new WireServer(_ => isUp ? WireReply.Json(Servers.VllmModels) : WireReply.Json("{}", 500, "Retry-After: 0\r\n"));
        await using Client client = Servers.ClientOf(server);

        await Assert.ThrowsAsync<RequestRejectedException>(() => client.Models.EnsureLoadedAsync(Servers.Model).OrBroken("the failure"));
        ModelStatus failed = client.Models.GetStatus(Servers.Model);
        isUp = true;
        await client.Models.EnsureLoadedAsync(Servers.Model).OrBroken("the model");

        Assert.Equal(ModelState.Failed, failed.State);
        Assert.IsType<RequestRejectedException>(failed.Error);
        Assert.Equal(ModelState.Ready, client.Models.GetStatus(Servers.Model).State);
    }

    [Fact]
    public async Task Chat_ConnectionLost_TheModelIsAskedForAgain()
    {
        var replies = new Queue<WireReply>(
            [WireReply.Stream().Send(Servers.Text("a")).Reset(), WireReply.Chunked(Servers.Answer("ok")), WireReply.Chunked(Servers.Answer("ok"))]);
        await using WireServer server = Servers.Vllm(_ => replies.Dequeue());
        var time = new FakeTimeProvider();
        await using Client client = Servers.ClientOf(server, options: options => options.TimeProvider = time);
        await Assert.ThrowsAsync<RemoteConnectionException>(() => client.ChatAsync(Servers.Model, "Hi").OrBroken("the failure"));
        Assert.Equal(ModelState.Idle, client.Models.GetStatus(Servers.Model).State);
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("ok", (await client.ChatAsync(Servers.Model, "Hi").OrBroken("the answer")).Text);

        Assert.Equal(2, server.Requests.Count(static request => request.Path == "/v1/models"));
    }

    [Fact]
    public async Task Chat_UnknownModel_NamesThoseThatThereAre()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("ok")));
        await using Client client = Servers.ClientOf(server);

        var error = await Assert.ThrowsAsync<ModelNotFoundException>(() => client.ChatAsync("cluster/qwen4", "Hi").OrBroken("the refusal"));

        Assert.Equal("cluster/qwen4", error.Model);
        Assert.Contains("'cluster/qwen3', 'cluster/other'", error.Message, StringComparison.Ordinal);
        Assert.Contains("cluster/qwen3", error.Suggestions);
        Assert.Empty(server.Chats);
    }

    [Fact]
    public async Task Models_OwnName_IsTranslated()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("ok")));
        await using Client client = Servers.ClientOf(server, endpoint => endpoint.Models["best"] = "qwen3");

        ChatResult answer = await client.ChatAsync("Cluster/Best", "Hi").OrBroken("the answer");

        Assert.Equal("qwen3", server.Chats[0].Json.GetProperty("model").GetString());
        Assert.Equal("qwen3", answer.Origin!.Model);
    }

    [Fact]
    public async Task ServerWithoutAList_AnswersChats()
    {
        await using var server = new WireServer(request => request.Path == "/openai/v1/chat/completions"
            ? WireReply.Chunked(Servers.Answer("ok"))
            : WireReply.Json("{}", 404));
        await using Client client = Servers.ClientOf(new Uri(server.Address, "/openai/v1/"));

        Assert.Equal("ok", (await client.ChatAsync(Servers.Model, "Hi").OrBroken("the answer")).Text);
    }
}
