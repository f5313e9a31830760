using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>What an application with OpenTelemetry gets to see of a chat, of both processes.</summary>
public sealed class TelemetryTests(EngineFixture fixture)
{
    // Of two clocks' worth of rounding, not of how long anything takes.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Chat_Traced_OneTraceThroughBothProcesses()
    {
        string model = fixture.CopyOfStarter();
        using var source = new ActivitySource("TelemetryTests");
        List<Activity> exported = [];
        ActivityTraceId trace;
        ChatResult answer;
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource("Orchard", "TelemetryTests").AddInMemoryExporter(exported).Build())
        {
            using Activity root = source.StartActivity("root")!;
            trace = root.TraceId;
            answer = await fixture.Client.ChatAsync(model, "What is the capital of France?", new GenerationOptions { MaxOutputTokens = 8 }).OrBroken("the answer");
        }

        Activity[] spans = [.. exported.Where(span => span.TraceId == trace)];
        Activity chat = Assert.Single(spans, span => span.DisplayName == $"chat {model}");
        Activity load = Assert.Single(spans, span => span.DisplayName == "orchard.model.load");
        Activity[] phases = [.. spans.Where(span => span.DisplayName.StartsWith("orchard.engine.", StringComparison.Ordinal)).OrderBy(span => span.StartTimeUtc + span.Duration)];
        Assert.Equal(["orchard.engine.queue", "orchard.engine.prefill", "orchard.engine.decode"], phases.Select(span => span.DisplayName));
        Assert.Equal(chat.SpanId, load.ParentSpanId);
        Assert.All(phases, phase =>
        {
            Assert.Equal(chat.SpanId, phase.ParentSpanId);
            Assert.Equal(fixture.Client.EngineStatus.ProcessId, phase.GetTagItem("orchard.engine.process_id"));
            Assert.Equal((0, 0), (phase.GetTagItem("orchard.conversation.index"), phase.GetTagItem("orchard.candidate.index")));
            Assert.InRange(phase.StartTimeUtc, load.StartTimeUtc + load.Duration - Rounding, chat.StartTimeUtc + chat.Duration + Rounding);
        });
        Assert.Equal(phases[0].StartTimeUtc + phases[0].Duration, phases[1].StartTimeUtc);
        Assert.Equal(phases[1].StartTimeUtc + phases[1].Duration, phases[2].StartTimeUtc);
        Assert.Equal(answer.Usage.PromptTokens - answer.Usage.CachedTokens, phases[1].GetTagItem("orchard.token.count"));
        Assert.Equal(answer.Usage.CompletionTokens, phases[2].GetTagItem("orchard.token.count"));
    }

    [Fact]
    public async Task Chat_Measured_InstrumentsHaveNamesUnitsAndAttributes()
    {
        string model = fixture.CopyOfStarter();
        List<Metric> exported = [];
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddMeter("Orchard").AddInMemoryExporter(exported).Build();
        ChatResult answer = await fixture.Client.ChatAsync(model, "What is the capital of France?").OrBroken("the answer");
        await fixture.Client.ModelStateAsync(
            model, state => state.Counters!.GeneratedTokens >= answer.Usage.CompletionTokens && state.RunningSequences == 0, "a heartbeat that counts the answer");

        provider.ForceFlush();

        Assert.Equal(
            [
                "orchard.chat.duration s",
                "orchard.chat.time_to_first_token s",
                "orchard.chat.tokens {token}",
                "orchard.engine.generated.tokens {token}",
                "orchard.engine.heartbeat.age s",
                "orchard.engine.kv_cache.capacity {token}",
                "orchard.engine.kv_cache.tokens {token}",
                "orchard.engine.kv_cache.used {token}",
                "orchard.engine.memory.resident By",
                "orchard.engine.prefix_cache.hits {token}",
                "orchard.engine.prompt.tokens {token}",
                "orchard.engine.queue.depth {request}",
                "orchard.engine.sequences.running {sequence}",
                "orchard.engine.sequences.waiting {sequence}",
                "orchard.engine.throughput {token}/s",
                "orchard.model.load.duration s",
            ],
            exported.Select(metric => $"{metric.Name} {metric.Unit}").Except(["orchard.engine.restarts {restart}"]).Order(StringComparer.Ordinal));

        string id = fixture.Client.Models.GetStatus(model).Id;
        int process = fixture.Client.EngineStatus.ProcessId!.Value;
        Assert.Equal(answer.Usage.CompletionTokens, Sum("orchard.engine.generated.tokens", "orchard.model.id", id));
        Assert.Equal(answer.Usage.PromptTokens - answer.Usage.CachedTokens, Sum("orchard.engine.prompt.tokens", "orchard.model.id", id));
        Assert.Equal(answer.Usage.CachedTokens, Sum("orchard.engine.prefix_cache.hits", "orchard.model.id", id));
        Assert.InRange(Last("orchard.engine.kv_cache.tokens", "orchard.model.id", id), 1, Last("orchard.engine.kv_cache.capacity", "orchard.model.id", id));
        Assert.True(Last("orchard.engine.memory.resident", "orchard.engine.process_id", process) > 1_000_000);
        Assert.Equal(1, Count("orchard.chat.duration", "gen_ai.request.model", model));
        Assert.Equal(1, Count("orchard.chat.time_to_first_token", "gen_ai.request.model", model));
        Assert.Equal(1, Count("orchard.model.load.duration", "gen_ai.request.model", model));

        MetricPoint Point(string name, string tag, object value)
        {
            foreach (ref readonly MetricPoint point in exported.Single(metric => metric.Name == name).GetMetricPoints())
            {
                foreach (KeyValuePair<string, object?> entry in point.Tags)
                {
                    if (entry.Key == tag && value.Equals(entry.Value))
                    {
                        return point;
                    }
                }
            }

            throw new KeyNotFoundException($"{name} has no point with {tag} = {value}.");
        }

        long Sum(string name, string tag, object value) => Point(name, tag, value).GetSumLong();

        long Last(string name, string tag, object value) => Point(name, tag, value).GetGaugeLastValueLong();

        long Count(string name, string tag, object value) => Point(name, tag, value).GetHistogramCount();
    }
}
