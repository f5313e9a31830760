using System.Text.Json;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Protocol.Tests.Messages;

/// <summary>Compares one expected field of an event vector.</summary>
internal static class EventExpectation
{
    public static void Check(EngineEvent engineEvent, JsonProperty expected)
    {
        JsonElement value = expected.Value;
        switch (expected.Name, engineEvent)
        {
            case ("event", _):
                Assert.Equal(value.GetString(), engineEvent switch
                {
                    TelemetryEvent => "telemetry",
                    ModelLoadedEvent => "model_loaded",
                    _ => "model_load_failed",
                });
                break;
            case ("engine_pid", TelemetryEvent telemetry):
                Assert.Equal(value.GetInt32(), telemetry.Telemetry.Health.Pid);
                break;
            case ("shutting_down", TelemetryEvent telemetry):
                Assert.Equal(value.GetBoolean(), telemetry.Telemetry.Health.ShuttingDown);
                break;
            case ("models", TelemetryEvent telemetry):
                Assert.Equal(
                    value.EnumerateArray().Select(m => (m.GetProperty("canonical_id").GetString(), m.GetProperty("load_state").GetString())),
                    telemetry.Telemetry.Models.Select(m => ((string?)m.CanonicalId, (string?)m.LoadState)));
                break;
            case ("model_id", ModelLoadedEvent loaded):
                Assert.Equal(value.GetString(), loaded.ModelId);
                break;
            case ("capabilities", ModelLoadedEvent loaded):
                CheckCapabilities(value, loaded.Model.Capabilities);
                break;
            case ("minimum_memory_bytes", ModelLoadedEvent loaded):
                Assert.Equal(value.GetUInt64(), loaded.Model.MinimumMemoryBytes);
                break;
            case ("model_id", ModelLoadFailedEvent failed):
                Assert.Equal(value.GetString(), failed.ModelId);
                break;
            case ("error", ModelLoadFailedEvent failed):
                Assert.Equal(value.GetString(), failed.Error);
                break;
            default:
                Assert.Fail($"The vectors expect {expected.Name}, which this test does not know.");
                break;
        }
    }

    public static void CheckCapabilities(JsonElement expected, IReadOnlyDictionary<string, int[]> actual)
    {
        Assert.Equal(expected.EnumerateObject().Count(), actual.Count);
        foreach (JsonProperty capability in expected.EnumerateObject())
        {
            Assert.Equal(capability.Value.EnumerateArray().Select(t => t.GetInt32()), actual[capability.Name]);
        }
    }
}
