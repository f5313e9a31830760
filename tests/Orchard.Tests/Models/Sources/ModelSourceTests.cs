using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Models.Sources;

/// <summary>Models that are served elsewhere than by the engine.</summary>
public sealed class ModelSourceTests
{
    [Fact]
    public async Task Chat_NameOfASource_GoesThere()
    {
        (FakeSource source, FakeEngine engine, Client client) = await ConnectAsync();
        await using FakeEngine _ = engine;
        await using Client __ = client;

        ChatResult elsewhere = await client.ChatAsync(" CLUSTER/a/b ", "hello").OrBroken("the answer");
        ChatResult here = await client.ChatAsync("starter", "hello").OrBroken("the answer");

        Assert.Equal("a/b: hello", elsewhere.Text);
        Assert.Equal(("cluster", "a/b"), (elsewhere.Origin?.Source, elsewhere.Origin?.Model));
        Assert.Equal("ok", here.Text);
        Assert.Null(here.Origin);
        Assert.Equal(["chat a/b"], source.Calls);
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task EveryCall_NameOfASource_GoesThere()
    {
        (FakeSource source, FakeEngine engine, Client client) = await ConnectAsync();
        await using FakeEngine _ = engine;
        await using Client __ = client;
        const string Model = "cluster/m";

        IReadOnlyList<ChatResult> batch = await client.ChatBatchAsync(Model, [[Message.User("one")], [Message.User("two")]]).OrBroken("it");
        Assert.Equal(["m: one", "m: two"], batch.Select(static answer => answer.Text));
        Assert.Single(await client.EmbedAsync(Model, ["x"]).OrBroken("it"));
        Assert.Equal([1, 0], (await client.RerankAsync(Model, "q", ["a", "b"]).OrBroken("it")).Select(static document => document.Index));
        Assert.Equal([3], await client.TokenizeAsync(Model, "abc").OrBroken("it"));
        Assert.Equal("2", await client.DetokenizeAsync(Model, [1, 2]).OrBroken("it"));
        Assert.Equal(1, await client.CountTokensAsync(Model, [Message.User("x")]).OrBroken("it"));
        Assert.Equal("cluster/m", (await client.Models.EnsureLoadedAsync(Model).OrBroken("it")).Id);
        Assert.Equal(ModelState.Ready, client.Models.GetStatus(Model).State);
        Assert.Contains("cluster/listed", client.Models.List().Select(static status => status.Id));
        Assert.False(await client.Models.UnloadAsync(Model).OrBroken("it"));
        Assert.Empty(engine.Requests);
        Assert.Equal(0, engine.CountOf(FakeCommandKind.LoadModel));
    }

    [Fact]
    public async Task OnlyOnThisMachine_NameOfASource_IsNotSupported()
    {
        (FakeSource source, FakeEngine engine, Client client) = await ConnectAsync();
        await using FakeEngine _ = engine;
        await using Client __ = client;

        await Assert.ThrowsAsync<NotSupportedException>(() => client.RenderPromptAsync("cluster/m", [Message.User("x")]).OrBroken("it"));
        await Assert.ThrowsAsync<NotSupportedException>(
            () => client.Models.EnsureLoadedAsync("cluster/m", new ModelOptions { ContextLength = 10 }).OrBroken("it"));
        Assert.Empty(source.Calls);
    }

    [Theory]
    [InlineData("cluster")]
    [InlineData("cluster/")]
    [InlineData("/m")]
    [InlineData("other/m")]
    public async Task Chat_OtherName_IsNoModelOfTheSource(string model)
    {
        (FakeSource source, FakeEngine engine, Client client) = await ConnectAsync();
        await using FakeEngine _ = engine;
        await using Client __ = client;

        await Record.ExceptionAsync(() => client.ChatAsync(model, "hello").OrBroken("it"));

        Assert.Empty(source.Calls);
    }

    [Fact]
    public async Task Dispose_OfTheClient_ClosesTheSource()
    {
        (FakeSource source, FakeEngine engine, Client client) = await ConnectAsync();
        await using FakeEngine _ = engine;

        await client.DisposeAsync();

        Assert.True(source.IsDisposed);
    }

    [Fact]
    public void Create_TwoSourcesOfOneName_AreRefused()
    {
        var options = new ClientOptions();
        options.Sources.Add(new FakeSource { Name = "cluster" });
        options.Sources.Add(new FakeSource { Name = "CLUSTER" });

        Assert.Contains("'CLUSTER'", Assert.Throws<ArgumentException>(() => Client.Create(options)).Message, StringComparison.Ordinal);
    }

    private static async Task<(FakeSource Source, FakeEngine Engine, Client Client)> ConnectAsync()
    {
        var engine = new FakeEngine(new EngineScript().Answer("ok"));
        var source = new FakeSource { Name = "cluster" };
        var options = new ClientOptions();
        options.Sources.Add(source);
        return (source, engine, await engine.ConnectAsync(options).OrBroken("the client"));
    }
}
