using System.Buffers;
using System.Text;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Protocol.Tests.Messages;

public class EngineEventTests
{
    [Fact]
    public void Telemetry_EveryField_RoundTripsInSnakeCase()
    {
        var telemetry = new Telemetry
        {
            Version = 2,
            Health = new() { SnapshotVersion = 3, UptimeNs = ulong.MaxValue, Pid = 5, CpuUsagePercent = 1.5, ShuttingDown = true, HealthMessage = "OK" },
            Queues = new() { RequestSlotsUsed = 1, PendingManagementCommands = 2 },
            Memory = new() { GpuTotalBytes = 1ul << 60, KvCachePagesUsed = 4 },
            Process = new() { ResidentBytes = 80_000_000 },
            Models =
            [
                new()
                {
                    RequestedId = "r",
                    CanonicalId = "c",
                    LoadState = TelemetryModel.ReadyState,
                    RuntimeActive = true,
                    Counters = new() { LoadCommands = 5, DecodeSteps = 6, EmbeddingSteps = 12, GeneratedTokens = 7, PromptTokens = 8, CachedTokens = 9, KvTokens = 10, KvTokensInUse = 3, KvCapacity = 11 },
                },
            ],
        };

        byte[] message = Encoded.Encode(new TelemetryEvent(telemetry));

        Assert.Equal(Encoded.Describe(telemetry), Encoded.Describe(Assert.IsType<TelemetryEvent>(Read(message)).Telemetry));
        string text = Encoding.UTF8.GetString(message);
        Assert.StartsWith("__PIE_EVENT__:telemetry\0{\"version\":2,", text, StringComparison.Ordinal);
        Assert.Contains("\"orchard\":{\"resident_bytes\":80000000}", text, StringComparison.Ordinal);
        Assert.Contains(
            "\"orchard\":{\"load_commands\":5,\"decode_steps\":6,\"embedding_steps\":12,\"generated_tokens\":7,\"prompt_tokens\":8,\"cached_tokens\":9,\"kv_tokens\":10,\"kv_tokens_in_use\":3,\"kv_capacity\":11}",
            text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"health":null,"queues":null,"memory":null,"models":null}""")]
    public void Telemetry_MissingParts_HaveTheirDefaults(string json)
    {
        Telemetry telemetry = Assert.IsType<TelemetryEvent>(ReadJson("telemetry", json)).Telemetry;

        Assert.Equal(new TelemetryHealth(), telemetry.Health);
        Assert.Equal(new TelemetryQueues(), telemetry.Queues);
        Assert.Equal(new TelemetryMemory(), telemetry.Memory);
        Assert.Empty(telemetry.Models);
    }

    [Fact]
    public void Telemetry_SparseModel_HasNoNulls()
    {
        TelemetryModel model = Assert.Single(Assert.IsType<TelemetryEvent>(ReadJson("telemetry", """{"models":[{"orchard":null,"load_state":null,"waiting_sequences":1.0}]}""")).Telemetry.Models);

        Assert.Equal(new TelemetryModel { WaitingSequences = 1 }, model);
    }

    [Fact]
    public void Telemetry_NumberThatIsNotFinite_IsStillWritten()
    {
        byte[] message = Encoded.Encode(new TelemetryEvent(new Telemetry { Health = new() { SystemWattage = double.NaN } }));

        Assert.Equal(0, Assert.IsType<TelemetryEvent>(Read(message)).Telemetry.Health.SystemWattage);
    }

    [Fact]
    public void ModelLoaded_OurFacts_RoundTrip()
    {
        var loaded = new ModelLoadedEvent("org/m\u00fc", new LoadedModel
        {
            Capabilities = new Dictionary<string, int[]> { ["coord"] = [5, 6] },
            MinimumMemoryBytes = ulong.MaxValue,
            Facts = new ModelFacts { ContextLength = 4096 },
        });

        Assert.Equal(Encoded.Describe(loaded), Encoded.Describe((ModelLoadedEvent)Read(Encoded.Encode(loaded))!));
    }

    [Fact]
    public void ModelLoaded_ModelIdAlone_IsEnough()
    {
        ModelLoadedEvent loaded = Assert.IsType<ModelLoadedEvent>(ReadJson("model_loaded", """{"model_id":"m"}"""));

        Assert.Equal("m", loaded.ModelId);
        Assert.Empty(loaded.Model.Capabilities);
        Assert.Null(loaded.Model.MinimumMemoryBytes);
    }

    [Theory]
    [InlineData("telemetry", "[]")]
    [InlineData("telemetry", "null")]
    [InlineData("telemetry", "{\"health\":{\"pid\":\"x\"}}")]
    [InlineData("telemetry", "{\"models\":[null]}")]
    [InlineData("model_loaded", "{}")]
    [InlineData("model_loaded", "{\"model_id\":\"m\",\"capabilities\":{\"a\":[null]}}")]
    [InlineData("model_load_failed", "{}")]
    [InlineData("model_load_failed", "{\"model_id\":\"m\"")]
    public void Read_JsonThatDoesNotFit_Throws(string name, string json) => Assert.Throws<WireException>(() => ReadJson(name, json));

    [Fact]
    public void Read_NameSplitAtTheNul_IsWhole()
    {
        Assert.Null(ReadJson("telemetr", "{}"));
        Assert.Null(ReadJson("", "{}"));
    }

    private static EngineEvent? Read(byte[] message) => EngineEventReader.Read(new ReadOnlySequence<byte>(message[Topic.Event.Length..]));

    private static EngineEvent? ReadJson(string name, string json) => EngineEventReader.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(name + "\0" + json)));
}
