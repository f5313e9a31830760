using Orchard.Engine.Native;
using Orchard.Engine.Tests.Serving;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Tests.Native.Backends;

/// <summary>An engine beside whose libraries is one for a GPU that cannot be loaded.</summary>
public sealed class UnusableBackendTests : IDisposable
{
    private readonly TempDirectory _root = new();
    private readonly TemporaryFolder _libraries = new();

    public UnusableBackendTests()
    {
        foreach (string file in Directory.GetFiles(NativeFiles.DefaultFolder))
        {
            File.CreateSymbolicLink(Path.Combine(_libraries.Path, Path.GetFileName(file)), file);
        }

        _libraries.Write(OperatingSystem.IsWindows() ? "ggml-cuda.dll" : OperatingSystem.IsMacOS() ? "libggml-cuda.dylib" : "libggml-cuda.so", new byte[4096]);
    }

    public void Dispose()
    {
        _root.Dispose();
        _libraries.Dispose();
    }

    [Fact]
    public async Task Heartbeat_SaysWhy_AndTheEngineComputesOnTheProcessor()
    {
        await using var engine = EngineExecutable.Start([("ORCHARD_NATIVE_PATH", _libraries.Path)], "--root", _root.Path);
        await using EngineClient client = await engine.ConnectAsync(EngineRoot.At(_root.Path), 7);

        TelemetryBackend? cuda = null;
        while (cuda is null)
        {
            cuda = (await client.NextEventAsync<TelemetryEvent>()).Telemetry.Process!.Backends?.Single();
        }

        Assert.Equal(("cuda", 0), (cuda.Name, cuda.Devices.Count));
        Assert.Contains("could not be loaded", cuda.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_AreListedWithTheReason()
    {
        await using var engine = EngineExecutable.Start([("ORCHARD_NATIVE_PATH", _libraries.Path)], "--devices");
        (int exitCode, string output, _) = await engine.WaitForExitAsync();

        Assert.Equal(0, exitCode);
        Assert.StartsWith("cuda: not used: It could not be loaded", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_ThatAreForbidden_AreNotTriedOut()
    {
        await using var engine = EngineExecutable.Start([("ORCHARD_NATIVE_PATH", _libraries.Path), ("ORCHARD_DEVICES", "cpu")], "--devices");
        (_, string output, _) = await engine.WaitForExitAsync();

        Assert.StartsWith("cuda: not used: The environment variable ORCHARD_DEVICES", output, StringComparison.Ordinal);
    }
}
