using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Responses;
using Orchard.Testing;
using Orchard.Tests.Models.Sources;
using Orchard.TestSupport;

namespace Orchard.Tests.Routing;

/// <summary>The name of a route as the model of a client's calls.</summary>
public sealed class ClientRouteTests : IAsyncDisposable
{
    private readonly FakeSource _source = new() { Name = "cluster" };
    private readonly FakeEngine _engine = new(new EngineScript().Answer("ok"));
    private Client? _client;

    public async ValueTask DisposeAsync()
    {
        await (_client?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task EveryCall_NameOfARoute_GoesToTheLocalModel()
    {
        Client client = await ConnectAsync();
        _engine.Script.Answer("""{"answer":1}""");

        ChatResult answer = await client.ChatAsync(" ROUTE ", "x").OrBroken("it");
        Assert.Equal(("route", false, RouteReason.LocalFirst), Told(answer));
        Assert.Equal(_engine.Requests[0].Model, answer.Origin!.Model);
        IReadOnlyList<ChatResult> batch = await client.ChatBatchAsync("route", [[Message.User("one")], [Message.User("two")]]).OrBroken("it");
        Assert.All(batch, static each => Assert.Equal(("route", false, RouteReason.LocalFirst), Told(each)));
        var parts = new List<ChatDelta>();
        await foreach (ChatDelta delta in client.ChatStreamAsync("route", "x"))
        {
            parts.Add(delta);
        }

        Assert.Equal("route", parts[^1].Origin!.Route!.Name);
        Response response = await client.ResponsesAsync("route", "x").OrBroken("it");
        Assert.Equal("""{"answer":1}""", response.OutputText);
        Assert.Equal("route", (await client.Model("route").ChatAsync("x").OrBroken("it")).Origin!.Route!.Name);
        Assert.Contains("x", await client.RenderPromptAsync("route", [Message.User("x")]).OrBroken("it"), StringComparison.Ordinal);
        Assert.Equal(_engine.Requests[0].Model, (await client.Models.EnsureLoadedAsync("route").OrBroken("it")).Id);
        Assert.Equal(ModelState.Ready, client.Models.GetStatus("route").State);
        Assert.True(await client.Models.UnloadAsync("route").OrBroken("it"));
        Assert.Empty(_source.Calls);
    }

    [Fact]
    public async Task EveryCall_LocalModelDoesNotExist_GoesToTheSource()
    {
        Client client = await ConnectAsync();
        _engine.Script.MissModels("starter");

        ChatResult answer = await client.ChatAsync("route", "x").OrBroken("it");
        Assert.Equal(("route", true, RouteReason.LocalUnavailable), Told(answer));
        Assert.Equal(("cluster", "m"), (answer.Origin!.Source, answer.Origin.Model));
        Assert.IsType<ModelNotFoundException>(answer.Origin.Route!.Error);
        Assert.Equal(["m: one", "m: two"], (await client.ChatBatchAsync("route", [[Message.User("one")], [Message.User("two")]]).OrBroken("it"))
            .Select(static each => each.Text));
        Assert.Single(await client.EmbedAsync("route", ["x"]).OrBroken("it"));
        Assert.Equal([1, 0], (await client.RerankAsync("route", "q", ["a", "b"]).OrBroken("it")).Select(static document => document.Index));
        Assert.Equal([3], await client.TokenizeAsync("route", "abc").OrBroken("it"));
        Assert.Equal("2", await client.DetokenizeAsync("route", [1, 2]).OrBroken("it"));
        Assert.Equal(1, await client.CountTokensAsync("route", [Message.User("x")]).OrBroken("it"));
        Assert.Equal("cluster/m", (await client.Models.EnsureLoadedAsync("route").OrBroken("it")).Id);
        Assert.Equal(ModelState.Ready, client.Models.GetStatus("route").State);
        Assert.Empty(_engine.Requests);
        Assert.NotEmpty(_source.Calls);
    }

    [Fact]
    public async Task Name_IsThatOfTheLocalModel_IsARoute()
    {
        Client client = await ConnectAsync(name: "starter");

        Assert.Equal(("starter", false, RouteReason.LocalFirst), Told(await client.ChatAsync("starter", "x").OrBroken("it")));
        Assert.Null((await client.ChatAsync("other", "x").OrBroken("it")).Origin);
        Assert.Equal(2, _engine.Requests.Count);
    }

    [Fact]
    public async Task Tools_ListenerHasAPart_NothingMoves()
    {
        Client client = await ConnectAsync();
        _engine.Script.Answer(new FakeReply().Say("part").Refuse("full", RequestErrorCodes.Overloaded));
        var limits = new ToolRunOptions { OnDelta = static _ => { } };

        await Assert.ThrowsAsync<RequestRejectedException>(
            () => client.RunToolsAsync("route", "x", new GenerationOptions { Tools = [AnyTool()] }, limits).OrBroken("it"));
        Assert.Empty(_source.Calls);
        ToolRun run = await client.RunToolsAsync("route", "x", new GenerationOptions { Tools = [AnyTool()] }).OrBroken("it");
        Assert.Equal("m: x", run.Answer.Text);
    }

    [Fact]
    public async Task Telemetry_DecisionsAreCountedAndInTheSpan()
    {
        Client client = await ConnectAsync(name: "observed-route");
        _engine.Script.MissModels("starter");
        var spans = new List<Activity>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == OrchardTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(activities);
        var counted = new List<string>();
        using var meters = new MeterListener();
        meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "orchard.route.decisions")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            Dictionary<string, object?> all = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value);
            if (all["orchard.route.name"] is "observed-route")
            {
                counted.Add($"{all["orchard.route.target"]} {all["orchard.route.reason"]} {all["error.type"]}");
            }
        });
        meters.Start();

        await client.ChatAsync("observed-route", "x").OrBroken("it");

        Assert.Equal(["remote local_unavailable Orchard.ModelNotFoundException"], counted);
        Activity span = Assert.Single(spans, static span => span.GetTagItem("orchard.route.name") is "observed-route");
        Assert.Equal(("remote", "local_unavailable"), (span.GetTagItem("orchard.route.target"), span.GetTagItem("orchard.route.reason")));
    }

    [Theory]
    [InlineData("", "starter", "cluster/m", "''")]
    [InlineData(" r", "starter", "cluster/m", "' r'")]
    [InlineData("r", "", "cluster/m", "Local")]
    [InlineData("r", "cluster/m", "cluster/m", "Local")]
    [InlineData("r", "starter", "", "Remote")]
    [InlineData("r", "starter", "other/m", "other/m")]
    public void Create_RouteIsNotValid_IsRefused(string name, string local, string remote, string said)
    {
        ClientOptions options = Options();
        options.Routes[name] = new ModelRoute { Local = local, Remote = remote };

        Assert.Contains(said, Assert.Throws<ArgumentException>(() => Client.Create(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(90_000)]
    public void Create_QueueTimeIsOutOfRange_IsRefused(int seconds)
    {
        ClientOptions options = Options();
        options.Routes["r"] = new ModelRoute { Local = "starter", Remote = "cluster/m", MaxQueueTime = TimeSpan.FromSeconds(seconds) };

        Assert.Contains("MaxQueueTime", Assert.Throws<ArgumentException>(() => Client.Create(options)).Message, StringComparison.Ordinal);
    }

    private static (string? Name, bool? IsRemote, RouteReason? Reason) Told(ChatResult answer) =>
        (answer.Origin?.Route?.Name, answer.Origin?.Route?.IsRemote, answer.Origin?.Route?.Reason);

    private static Tool AnyTool() => new("any", "A tool.", JsonDocument.Parse("""{"type":"object"}""").RootElement);

    private ClientOptions Options()
    {
        var options = new ClientOptions();
        options.Sources.Add(_source);
        return options;
    }

    private async Task<Client> ConnectAsync(string name = "route")
    {
        ClientOptions options = Options();
        options.Routes[name] = new ModelRoute { Local = "starter", Remote = "cluster/m" };
        return _client = await _engine.ConnectAsync(options).OrBroken("the client");
    }
}
