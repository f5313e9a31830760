using Orchard.Responses;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>Streams that are read in another way than by one <c>await foreach</c>.</summary>
public sealed class ClientStreamTests
{
    private static EngineScript Script => new EngineScript().Answer(new FakeReply().Say("one").Stall());

    [Fact]
    public async Task ChatStream_SecondReadBesideAPendingOne_IsRefusedAndTheFirstGoesOn()
    {
        await using var engine = new FakeEngine(Script);
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        using var stop = new CancellationTokenSource();
        IAsyncEnumerator<ChatDelta> reader = client.ChatStreamAsync("starter", "Count.", cancellationToken: stop.Token).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().AsTask().OrBroken("the first part"));

        Task<bool> pending = reader.MoveNextAsync().AsTask();
        Assert.Throws<InvalidOperationException>(() => { _ = reader.MoveNextAsync().AsTask(); });
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.OrBroken("the end of the first read"));
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task ResponsesStream_SecondReadBesideAPendingOne_IsRefused()
    {
        await using var engine = new FakeEngine(Script);
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        using var stop = new CancellationTokenSource();
        IAsyncEnumerator<ResponseEvent> reader = client.ResponsesStreamAsync(
            "starter", new ResponseRequest { Input = [MessageItem.User("Count.")] }, stop.Token).GetAsyncEnumerator();

        do
        {
            Assert.True(await reader.MoveNextAsync().AsTask().OrBroken("the next event"));
        }
        while (reader.Current is not OutputTextDeltaEvent);

        Task<bool> pending = reader.MoveNextAsync().AsTask();
        Assert.Throws<InvalidOperationException>(() => { _ = reader.MoveNextAsync().AsTask(); });
        await stop.CancelAsync();
        await pending.ContinueWith(static _ => { }, TaskScheduler.Default).OrBroken("the end of the first read");
    }

    [Fact]
    public async Task ChatStream_UnpairedSurrogates_AreReplaced()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("one"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        await client.ChatAsync(
            "starter",
            [
                Message.User("a\ud800b"), Message.Assistant("", [new ToolCall("a\udc00", "f", "{\"x\": \"\ud800\"}")]), Message.Tool("a\udc00", "c\udfffd"),
            ]).OrBroken("the answer");

        string prompt = engine.Requests[0].Prompts[0].Text;
        Assert.Contains("a\ufffdb", prompt, StringComparison.Ordinal);
        Assert.Contains("c\ufffdd", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_TopPOfZero_IsGreedy()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("one"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        await client.ChatAsync("starter", "Hi", new GenerationOptions { TopP = 0, TopK = 50 }).OrBroken("the answer");

        GenerationOptions sent = engine.Requests[0].Prompts[0].Options;
        Assert.Equal((1, 1), (sent.TopP, sent.TopK));
    }

    [Fact]
    public async Task Chat_ReasoningThatTheModelHasNot_IsIgnoredIfAllowed()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("one"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        var options = new GenerationOptions { ReasoningEffort = ReasoningEffort.High };

        ChatResult result = await client.ChatAsync("starter", "Hi", options with { IgnoreUnsupportedReasoning = true }).OrBroken("the answer");

        Assert.Equal(["EnableReasoning", "ReasoningEffort"], result.IgnoredOptions);
        await Assert.ThrowsAsync<ChatTemplateException>(() => client.ChatAsync("starter", "Hi", options).OrBroken("the refusal"));
    }
}
