using System.Text.Json;
using Orchard.Hub.Tests.Hosting;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary>The commands about models of the hub, as processes with a hub and a cache of their own.</summary>
public sealed class HubCommandTests : IAsyncLifetime
{
    private const string Repository = "test/Some-GGUF";
    private const string Model = Repository + ":Q8_0";

    private readonly TemporaryRoot _cache = new();
    private TestHub _hub = null!;
    private TestRepository _repository = null!;

    private (string Name, string? Value)[] Environment =>
    [
        ("HF_ENDPOINT", _hub.Endpoint.ToString()), ("HF_HUB_CACHE", _cache.Path), ("HF_TOKEN", null), ("HF_HUB_OFFLINE", null),
        ("ORCHARD_CACHE_ROOT", Path.Combine(_cache.Path, "e")),
    ];

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.StartAsync();
        _repository = _hub.Add(Repository, ("Some-Q8_0.gguf", TestModel.Create(300_000)), ("Some-Q4_0.gguf", TestModel.Create(200_000)));
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _cache.Dispose();
    }

    [Fact]
    public async Task Pull_List_Rm_AModel()
    {
        CommandRun offered = await RunAsync("list", Repository, "--json");
        CommandRun pulled = await RunAsync("pull", Model);
        CommandRun listed = await RunAsync("list", "--json");
        CommandRun removed = await RunAsync("rm", Model);
        CommandRun again = await RunAsync("rm", Model, "--json");

        Assert.Equal(["Q4_0", "Q8_0"], offered.Json.EnumerateArray().Select(model => model.GetProperty("quantization").GetString()).Order());
        Assert.Equal(0, pulled.ExitCode);
        Assert.StartsWith($"{Model}  300 kB  {_cache.Path}", pulled.Out, StringComparison.Ordinal);
        Assert.Contains("Downloading", pulled.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', pulled.Error);
        Assert.Equal(["starter", Model], listed.Json.EnumerateArray().Select(model => model.GetProperty("name").GetString()));
        Assert.Equal((0, $"Deleted {Model}.\n"), (removed.ExitCode, removed.Out));
        Assert.Equal((3, false), (again.ExitCode, again.Json[0].GetProperty("is_deleted").GetBoolean()));
    }

    [Fact]
    public async Task Failures_HaveTheirExitCodes()
    {
        _repository.RequiredToken = "hf_secret";

        CommandRun noAccess = await RunAsync("pull", Model);
        CommandRun unknown = await RunAsync("pull", "test/Other-GGUF");
        CommandRun noName = await RunAsync("pull", "starter");
        CommandRun unreachable = await CommandProcess.RunAsync([.. Environment, ("HF_HUB_OFFLINE", "1")], "pull", Model);

        Assert.Equal([4, 3, 2, 5], [noAccess.ExitCode, unknown.ExitCode, noName.ExitCode, unreachable.ExitCode]);
        Assert.DoesNotContain("Parameter", noName.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> RunAsync(params string[] arguments) => CommandProcess.RunAsync(Environment, arguments);
}
