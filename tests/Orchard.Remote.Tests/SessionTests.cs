using Microsoft.Extensions.Time.Testing;
using Orchard.TestSupport;

namespace Orchard.Remote.Tests;

/// <summary>What keeps a conversation together, which servers get its requests, and what is kept secret.</summary>
public sealed class SessionTests
{
    private static readonly Message[] First = [Message.System("Be brief."), Message.User("One")];
    private static readonly Message[] Second = [.. First, Message.Assistant("ok"), Message.User("Two")];
    private static readonly Message[] Other = [Message.System("Be brief."), Message.User("Other")];

    [Fact]
    public async Task Headers_TurnsOfAConversation_HaveTheSameSession()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("ok")));
        await using Client client = Servers.ClientOf(server);
        await client.ChatAsync(Servers.Model, First).OrBroken("it");
        await client.ChatAsync(Servers.Model, Second).OrBroken("it");
        await client.ChatAsync(Servers.Model, Other).OrBroken("it");

        string[] sessions = [.. server.Chats.Select(static request => request.Headers["x-session-id"])];
        Assert.Equal(sessions[0], sessions[1]);
        Assert.NotEqual(sessions[0], sessions[2]);
        Assert.Equal(server.Requests.Count, server.Requests.Select(static request => request.Headers["x-request-id"]).Distinct().Count());
        Assert.All(server.Requests, static request => Assert.False(request.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task Headers_SetByAResponse_AreSentBack()
    {
        await using WireServer server = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("ok"), "x-session-id: gateway-7\r\nx-session-token: t\r\n"));
        await using Client client = Servers.ClientOf(server);
        await client.ChatAsync(Servers.Model, First).OrBroken("it");
        await client.ChatAsync(Servers.Model, Second).OrBroken("it");
        await client.ChatAsync(Servers.Model, Other).OrBroken("it");

        Assert.Equal(("gateway-7", "t"), (server.Chats[1].Headers["x-session-id"], server.Chats[1].Headers["x-session-token"]));
        Assert.False(server.Chats[2].Headers.ContainsKey("x-session-token"));
    }

    [Fact]
    public async Task ApiKey_IsSentAndNeverShown()
    {
        const string Key = "sk-very-secret";
        await using WireServer server = Servers.Vllm(_ => WireReply.Json($$$"""{"error":{"message":"Incorrect API key provided: {{{Key}}}"}}""", 401));
        await using Client client = Servers.ClientOf(server, endpoint => endpoint.ApiKey = Key);

        var error = await Assert.ThrowsAsync<ModelAccessException>(() => client.ChatAsync(Servers.Model, "Hi").OrBroken("it"));

        Assert.All(server.Requests, request => Assert.Equal($"Bearer {Key}", request.Headers["Authorization"]));
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Incorrect API key provided: ***", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_Conversation_StaysWithItsServer()
    {
        await using WireServer a = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("a")));
        await using WireServer b = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("b")));
        await using Client client = Servers.ClientOf(a, endpoint => endpoint.Replicas.Add(b.Address));

        for (int conversation = 0; conversation < 8; conversation++)
        {
            Message[] start = [Message.User($"Conversation {conversation}")];
            string first = (await client.ChatAsync(Servers.Model, start).OrBroken("it")).Text;
            Message[] next = [.. start, Message.Assistant(first), Message.User("More")];
            ChatResult second = await client.ChatAsync(Servers.Model, next).OrBroken("it");
            Assert.Equal(first, second.Text);
            Assert.Equal(new Uri(first == "a" ? a.Address : b.Address, "/v1"), second.Origin!.Address);
        }

        Assert.Equal(16, a.Chats.Length + b.Chats.Length);
        Assert.InRange(a.Chats.Length, 2, 14);
    }

    [Fact]
    public async Task Replicas_OneIsBusy_NewConversationsGoToTheOther()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WireReply Answer() => WireReply.Stream().Send(Servers.Text("x")).Await(gate.Task).Send(Servers.End());
        await using WireServer a = Servers.Vllm(_ => Answer());
        await using WireServer b = Servers.Vllm(_ => Answer());
        await using Client client = Servers.ClientOf(a, endpoint => endpoint.Replicas.Add(b.Address));
        await client.Models.EnsureLoadedAsync(Servers.Model).OrBroken("the model");

        var streams = new List<IAsyncEnumerator<ChatDelta>>();
        for (int i = 0; i < 10; i++)
        {
            streams.Add(client.ChatStreamAsync(Servers.Model, $"q{i}").GetAsyncEnumerator());
            Assert.True(await streams[^1].MoveNextAsync().AsTask().OrBroken("the first part"));
        }

        Assert.Equal((5, 5), (a.Chats.Length, b.Chats.Length));
        gate.SetResult();
        foreach (IAsyncEnumerator<ChatDelta> stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task Replicas_OneFails_TheOtherAnswersUntilItIsBack()
    {
        bool isBroken = true;
        int failures = 0;
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        await using WireServer a = Servers.Vllm(_ =>
        {
            failures += isBroken ? 1 : 0;
            return isBroken ? WireReply.Json("{}", 503, "Retry-After: 0\r\n") : WireReply.Chunked(Servers.Answer("a"));
        });
        await using WireServer b = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("b")));
        await using Client client = Servers.ClientOf(
            a, endpoint => endpoint.Replicas.Add(b.Address), options => options.TimeProvider = time);

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("b", (await client.ChatAsync(Servers.Model, $"q{i}").OrBroken("the answer")).Text);
        }

        Assert.Equal(1, failures); // left out after the first
        isBroken = false;
        time.Advance(TimeSpan.FromSeconds(31));
        var answers = new List<string>();
        for (int i = 10; i < 20; i++)
        {
            answers.Add((await client.ChatAsync(Servers.Model, $"q{i}").OrBroken("the answer")).Text);
        }

        Assert.Contains("a", answers);
    }

    [Fact]
    public async Task Replicas_FailedServer_IsTriedByOneCallAtATimeAndIsBackWithItsAnswer()
    {
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool works = false;
        int asked = 0;
        var time = new FakeTimeProvider();
        await using WireServer a = Servers.Vllm(_ => works
            ? WireReply.Stream().Await(back.Task).Send(Servers.Answer("a"))
            : WireReply.Json("{}", 503, "Retry-After: 0\r\n"));
        await using WireServer b = Servers.Vllm(_ => WireReply.Chunked(Servers.Answer("b")));
        await using Client client = Servers.ClientOf(
            a, endpoint => endpoint.Replicas.Add(b.Address), options => options.TimeProvider = time);
        await client.Models.EnsureLoadedAsync(Servers.Model).OrBroken("the model");
        Assert.Equal(["b", "b", "b", "b"], await Task.WhenAll(Ask(4)).OrBroken("the answers"));
        int failures = a.Chats.Length; // those at the same moment count as one

        time.Advance(TimeSpan.FromSeconds(1.5)); // longer than the first pause: one tries, and fails
        Assert.Equal(["b", "b", "b", "b"], await Task.WhenAll(Ask(4)).OrBroken("the answers"));
        Assert.Equal(failures + 1, a.Chats.Length);
        time.Advance(TimeSpan.FromSeconds(1.5)); // shorter than the second
        Assert.Equal(["b", "b", "b", "b"], await Task.WhenAll(Ask(4)).OrBroken("the answers"));
        Assert.Equal(failures + 1, a.Chats.Length);

        works = true;
        time.Advance(TimeSpan.FromSeconds(1));
        List<Task<string>> waiting = [.. Ask(4)];
        for (int i = 0; i < 3; i++)
        {
            Task<string> done = await Task.WhenAny(waiting).OrBroken("the answers of the other server");
            Assert.Equal("b", await done);
            waiting.Remove(done);
        }

        Assert.Equal(failures + 2, a.Chats.Length);
        back.SetResult();
        Assert.Equal("a", await waiting[0].OrBroken("the answer of the server that is back"));
        Assert.Contains("a", await Task.WhenAll(Ask(4)).OrBroken("the answers"));

        IEnumerable<Task<string>> Ask(int count) =>
            [.. Enumerable.Range(0, count).Select(async _ => (await client.ChatAsync(Servers.Model, $"q{asked++}")).Text)];
    }

    [Fact]
    public async Task OneServer_HasFailed_NextCallReachesItAtOnce()
    {
        int calls = 0;
        await using WireServer server = Servers.Vllm(_ => ++calls == 1 ? WireReply.Json("{}", 500) : WireReply.Chunked(Servers.Answer("back")));
        await using Client client = Servers.ClientOf(server, options: options => options.ReplayUnansweredCalls = false);

        await Assert.ThrowsAnyAsync<OrchardException>(() => client.ChatAsync(Servers.Model, "Hi").OrBroken("the failure"));

        Assert.Equal("back", (await client.ChatAsync(Servers.Model, "Hi").OrBroken("the answer")).Text);
    }
}
