using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Extensions.AI.Tests.Health;

public sealed class HealthCheckTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeEngine _engine;
    private readonly List<IHost> _hosts = [];

    public HealthCheckTests() => _engine = new FakeEngine(timeProvider: _time);

    public async ValueTask DisposeAsync()
    {
        foreach (IHost host in _hosts)
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Check_EngineThatAnswers_Healthy()
    {
        HealthReportEntry entry = await CheckAsync(await StartAsync());

        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal(true, entry.Data["connected"]);
        Assert.Equal(_engine.ProcessId, entry.Data["process_id"]);
    }

    [Fact]
    public async Task Check_SilentEngine_UnhealthyAboveItsLimit()
    {
        IHost host = await StartAsync(check: options => options.MaxHeartbeatAge = TimeSpan.FromSeconds(3));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);

        _time.Advance(TimeSpan.FromSeconds(1));

        HealthReportEntry entry = await CheckAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("4.0 s", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_EngineThatHangs_UnhealthyWithinTheTimeout()
    {
        _engine.Script.Answer(new FakeReply().Stall());
        IHost host = await StartAsync(check: options => options.ProbeModel = "starter");

        Task<HealthReportEntry> check = CheckAsync(host);
        FakeRequest probe = await _engine.NextRequestAsync().OrBroken("the probe");
        _time.Advance(TimeSpan.FromSeconds(5));

        HealthReportEntry entry = await check.OrBroken("the result");
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains("generating a token with the model 'starter'", entry.Description, StringComparison.Ordinal);
        Assert.Equal(1, probe.Prompts.Single().Options.MaxOutputTokens);
        await probe.Cancelled.OrBroken("the engine to hear that nobody waits");
    }

    [Fact]
    public async Task Check_EngineGone_ConnectsToTheNext()
    {
        IHost host = await StartAsync();
        int first = _engine.ProcessId;
        await _engine.CrashAsync();

        await CheckUntilNextAsync().OrBroken("a check that sees the next engine");

        // The end of a connection takes a moment to be noticed.
        async Task CheckUntilNextAsync()
        {
            HealthReportEntry entry;
            do
            {
                entry = await CheckAsync(host);
                Assert.Equal(HealthStatus.Healthy, entry.Status);
            }
            while (first.Equals(entry.Data["process_id"]));
        }
    }

    [Fact]
    public async Task Check_NoEngineToBeHad_DegradedIfSoAskedWithTheReason()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        string root = Path.Combine(Path.GetTempPath(), $"orc-{Guid.NewGuid():N}");
        builder.Services.AddOrchard(options =>
        {
            options.EngineRoot = root;
            options.StartEngine = false;
        });
        builder.Services.AddHealthChecks().AddOrchardHealthCheck(failureStatus: HealthStatus.Degraded);
        IHost host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync().OrBroken("the start");

        HealthReportEntry entry = await CheckAsync(host);

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.IsType<EngineStartException>(entry.Exception);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Check_ModelsOfTheStartNotLoadedYet_UnhealthyUntilTheyAre()
    {
        var gate = new EngineGate();
        _engine.Script.Load(FakeLoad.Success.After(gate));
        IHost host = await StartAsync(options =>
        {
            options.WaitForPreload = false;
            options.PreloadModels.Add("starter");
        });
        await gate.Reached.OrBroken("the load");

        HealthReportEntry before = await CheckAsync(host);
        gate.Open();
        await host.Services.GetRequiredService<Client>().Models.EnsureLoadedAsync("starter").OrBroken("the model");
        HealthReportEntry after = await CheckAsync(host);

        Assert.Equal((HealthStatus.Unhealthy, "Not loaded yet: starter."), (before.Status, before.Description));
        Assert.Equal(HealthStatus.Healthy, after.Status);
    }

    [Fact]
    public void AddOrchardHealthCheck_NoTime_Refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ServiceCollection().AddHealthChecks().AddOrchardHealthCheck(configure: options => options.Timeout = TimeSpan.Zero));

    private static async Task<HealthReportEntry> CheckAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().OrBroken("the check")).Entries["orchard"];

    private async Task<IHost> StartAsync(Action<OrchardOptions>? configure = null, Action<OrchardHealthCheckOptions>? check = null)
    {
        Client client = await _engine.ConnectAsync().OrBroken("the client");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOrchard(configure ?? (_ => { }));
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton(_ => client); // a factory, so that the container owns it
        builder.Services.AddHealthChecks().AddOrchardHealthCheck(configure: check);
        IHost host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync().OrBroken("the start");
        return host;
    }
}
