using System.Text.Json;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Tests.Connection;

/// <summary>What a client reads from heartbeats about GPU libraries.</summary>
public sealed class ComputeBackendsTests
{
    [Fact]
    public void EngineWithoutGpuLibraries_HasNone_AndItsHeartbeatSaysNothingAboutThem()
    {
        var telemetry = new Telemetry { Process = new TelemetryProcess { ResidentBytes = 1 } };

        Assert.Empty(ComputeBackends.Of(null));
        Assert.Empty(ComputeBackends.Of(new Telemetry()));
        Assert.Empty(ComputeBackends.Of(telemetry));
        Assert.DoesNotContain("backends", JsonSerializer.Serialize(telemetry, EventJsonContext.Instance.Telemetry), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void LibrariesAndReasons_AreRead()
    {
        IReadOnlyList<TelemetryBackend> backends =
        [
            new() { Name = "cuda", Reason = "It could not be loaded: libcudart.so.13 is missing." },
            new() { Name = "vulkan", Devices = [new TelemetryDevice { Name = "Vulkan0", Description = "llvmpipe", TotalBytes = 2L << 30 }] },
        ];
        var sent = new Telemetry { Process = new TelemetryProcess { Backends = backends } };
        string json = JsonSerializer.Serialize(sent, EventJsonContext.Instance.Telemetry);

        IReadOnlyList<ComputeBackend> read = ComputeBackends.Of(JsonSerializer.Deserialize(json, EventJsonContext.Instance.Telemetry));

        Assert.Equal([("cuda", false), ("vulkan", true)], read.Select(backend => (backend.Name, backend.IsUsed)));
        Assert.Contains("libcudart", read[0].Reason, StringComparison.Ordinal);
        ComputeDevice device = Assert.Single(read[1].Devices);
        Assert.Equal(("Vulkan0", "llvmpipe", 2L << 30), (device.Name, device.Description, device.TotalBytes));
    }
}
