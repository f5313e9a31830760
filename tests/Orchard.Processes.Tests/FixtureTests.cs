using System.Diagnostics;
using System.Globalization;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

public sealed class FixtureTests
{
    [Fact]
    public async Task Dispose_LeavesNeitherEngineNorFolder()
    {
        var fixture = new OrchardFixture();
        await fixture.InitializeAsync().AsTask().OrBroken("the engine to start");
        string folder = fixture.EngineRoot;
        using Process engine = Process.GetProcessById(fixture.Engine.ProcessId!.Value);

        await Task.WhenAll(fixture.DisposeAsync().AsTask(), fixture.DisposeAsync().AsTask()).OrBroken("both disposals");

        Assert.True(engine.HasExited);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Client_BeforeInitialize_SaysWhatToDo()
    {
        await using var fixture = new OrchardFixture();

        Assert.Contains("InitializeAsync", Assert.Throws<InvalidOperationException>(() => fixture.Client).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_ModelMissing_ThrowsAndLeavesNoFolder()
    {
        await using var fixture = new FixtureWithoutModel();

        await Assert.ThrowsAsync<ModelNotFoundException>(() => fixture.InitializeAsync().AsTask().OrBroken("the failure"));

        Assert.False(Directory.Exists(fixture.Folder));
    }

    [Fact]
    public async Task TestProcessKilled_EngineLeavesByItselfAndTheNextFixtureSweepsTheFolder()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "orchard-engine-stub.exe" : "orchard-engine-stub"))
        {
            Environment = { ["ORCHARD_STUB"] = "fixture" },
            RedirectStandardOutput = true,
        };
        using Process host = Process.Start(start)!;
        string folder = (await host.StandardOutput.ReadLineAsync().OrBroken("the fixture's folder"))!;
        int engineId = int.Parse((await host.StandardOutput.ReadLineAsync().OrBroken("the engine's id"))!, CultureInfo.InvariantCulture);
        using Process engine = Process.GetProcessById(engineId);
        Assert.True(Directory.Exists(folder));

        host.Kill();

        await host.WaitForExitAsync().OrBroken("the test process to end");
        await engine.WaitForExitAsync().OrBroken("the engine to leave by itself"); // from here on any other fixture may sweep as well
        await using var next = new OrchardFixture();
        await next.InitializeAsync().AsTask().OrBroken("the next engine");
        Assert.False(Directory.Exists(folder));
    }

    private sealed class FixtureWithoutModel : OrchardFixture
    {
        public string? Folder { get; private set; }

        protected override void Configure(EngineOptions options)
        {
            Folder = options.EngineRoot;
            options.LoadModels = ["no-such-model"];
        }
    }
}
