using System.Diagnostics;
using Orchard.Responses;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Diagnostics;

[Collection(nameof(Listening))]
public sealed class ChatTelemetryTests : IDisposable
{
    private readonly string _model = Path.Combine(Directory.CreateTempSubdirectory("orc-").FullName, "model.gguf");

    public ChatTelemetryTests() => File.WriteAllBytes(_model, []);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_model)!, recursive: true);

    [Fact]
    public async Task Chat_NobodyAbove_IsASpanInTheNamesOfTheConventions()
    {
        using var listening = new Listening(_model);
        await using var engine = new FakeEngine(new EngineScript().Answer("one two three"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        await client.ChatAsync(_model, "Count.", new GenerationOptions { MaxOutputTokens = 9, Temperature = 0.5, TopK = 3, Seed = 7, StopSequences = ["x"] })
            .OrBroken("the answer");

        Activity span = listening.Spans.Single(span => span.Kind == ActivityKind.Client);
        Assert.Equal($"chat {_model}", span.OperationName);
        Assert.Equal("chat", span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("orchard", span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal(9, span.GetTagItem("gen_ai.request.max_tokens"));
        Assert.Equal(0.5, span.GetTagItem("gen_ai.request.temperature"));
        Assert.Equal(3, span.GetTagItem("gen_ai.request.top_k"));
        Assert.Equal(7L, span.GetTagItem("gen_ai.request.seed"));
        Assert.Equal(["x"], (string[])span.GetTagItem("gen_ai.request.stop_sequences")!);
        Assert.Equal(["stop"], (string[])span.GetTagItem("gen_ai.response.finish_reasons")!);
        Assert.Equal(3L, span.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal("completed", span.GetTagItem("orchard.outcome"));
        Assert.Equal("text", span.GetTagItem("gen_ai.output.type"));
        Assert.Null(span.GetTagItem("gen_ai.request.stream"));
        Assert.Equal((await client.Models.EnsureLoadedAsync(_model)).Id, span.GetTagItem("gen_ai.response.model"));
        Assert.NotNull(span.GetTagItem("gen_ai.response.id"));
        Activity load = listening.Spans.Single(span => span.OperationName == "orchard.model.load");
        Assert.Equal(span.SpanId, load.ParentSpanId);
        Assert.Equal(span.GetTagItem("gen_ai.response.model"), load.GetTagItem("orchard.model.id"));
    }

    [Fact]
    public async Task ChatStream_OfCallsAndReasoning_SaysSo()
    {
        using var listening = new Listening(_model);
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Call("add", "{}")));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        await foreach (ChatDelta _ in client.ChatStreamAsync(
            _model, "Add.", new GenerationOptions { Tools = [new Tool("add")], ResponseFormat = ResponseFormat.JsonObject }))
        {
        }

        Activity span = listening.Spans.Single(span => span.Kind == ActivityKind.Client);
        Assert.Equal(["tool_calls"], (string[])span.GetTagItem("gen_ai.response.finish_reasons")!);
        Assert.Equal((true, "json"), (span.GetTagItem("gen_ai.request.stream"), span.GetTagItem("gen_ai.output.type")));
        Assert.Single(listening.Measurements, measured => measured.Name == "orchard.chat.time_to_first_token");
    }

    [Fact]
    public async Task Measurements_OfAChat_HaveTheIdOfTheEnginesMetrics()
    {
        using var listening = new Listening(_model);
        await using var engine = new FakeEngine(new EngineScript().Answer("one two three"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        await client.ChatAsync(_model, "Count.").OrBroken("the answer");

        string id = (await client.Models.EnsureLoadedAsync(_model)).Id;
        Assert.All(
            listening.Measurements.Where(measured => measured.Name.StartsWith("orchard.chat.", StringComparison.Ordinal)),
            measured => Assert.Equal(id, measured.Tags["orchard.model.id"]));
    }

    [Theory]
    [InlineData("orchard.chat.duration")]
    [InlineData("orchard.chat.time_to_first_token")]
    [InlineData("orchard.model.load.duration")]
    public void Histogram_HasBucketsOfSeconds(string name)
    {
        using var listening = new Listening(_model);
        IReadOnlyList<double>? buckets = listening.Histograms.Single(histogram => histogram.Name == name).Advice?.HistogramBucketBoundaries;

        Assert.NotNull(buckets);
        Assert.Equal(buckets.Order(), buckets);
    }

    [Fact]
    public async Task Responses_LeftAtTheirLastEvent_AreACompletedChat()
    {
        using var listening = new Listening(_model);
        await using var engine = new FakeEngine(new EngineScript().Answer("one two three"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        await foreach (ResponseEvent told in client.ResponsesStreamAsync(_model, "Count."))
        {
            if (told is ResponseCompletedEvent)
            {
                break;
            }
        }

        Activity span = listening.Spans.Single(span => span.Kind == ActivityKind.Client);
        Assert.Equal(("completed", 3L), (span.GetTagItem("orchard.outcome"), span.GetTagItem("gen_ai.usage.output_tokens")));
    }

    [Fact]
    public async Task Chat_SpanOfAChatAbove_IsAStepOfIt()
    {
        using var listening = new Listening(_model);
        using var source = new ActivitySource("Test");
        await using var engine = new FakeEngine(new EngineScript().Answer("one two three"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        using Activity above = source.StartActivity("chat")!.SetTag("gen_ai.operation.name", "chat");

        await client.ChatAsync(_model, "Count.").OrBroken("the answer");

        Activity span = listening.Spans.Single(span => span.OperationName == "orchard.chat");
        Assert.Equal(above.SpanId, span.ParentSpanId);
        Assert.Equal(ActivityKind.Internal, span.Kind);
        Assert.DoesNotContain(span.TagObjects, tag => tag.Key.StartsWith("gen_ai.usage", StringComparison.Ordinal) || tag.Key == "gen_ai.operation.name");
    }

    [Fact]
    public async Task Chat_Finished_MeasuresTimeAndTokensUnderOurOwnNames()
    {
        using var listening = new Listening(_model);
        await using var engine = new FakeEngine(new EngineScript().Answer("one two three"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        await client.ChatAsync(_model, "Count.").OrBroken("the answer");

        Listening.Measured output = listening.Measurements.Single(
            measured => measured.Name == "orchard.chat.tokens" && "output".Equals(measured.Tags["orchard.token.type"]));
        Assert.Equal((3, "{token}"), (output.Value, output.Unit));
        Listening.Measured duration = listening.Measurements.Single(measured => measured.Name == "orchard.chat.duration");
        Assert.Equal(("s", "completed"), (duration.Unit, duration.Tags["orchard.outcome"]));
        Assert.Single(listening.Measurements, measured => measured.Name == "orchard.chat.time_to_first_token");
        Listening.Measured load = Assert.Single(listening.Measurements, measured => measured.Name == "orchard.model.load.duration");
        Assert.Equal(duration.Tags["orchard.model.id"], load.Tags["orchard.model.id"]);
        Assert.All(listening.Measurements, measured => Assert.StartsWith("orchard.", measured.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_Refused_SaysWhatWithoutQuotingIt()
    {
        using var listening = new Listening(_model);
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Fail("secret words", "overloaded")));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");

        await Assert.ThrowsAsync<RequestRejectedException>(() => client.ChatAsync(_model, "Count.").OrBroken("the refusal"));

        Activity span = listening.Spans.Single(span => span.Kind == ActivityKind.Client);
        Assert.Equal((ActivityStatusCode.Error, null), (span.Status, span.StatusDescription));
        Assert.Equal(typeof(RequestRejectedException).FullName, span.GetTagItem("error.type"));
        Listening.Measured duration = listening.Measurements.Single(measured => measured.Name == "orchard.chat.duration");
        Assert.Equal("failed", duration.Tags["orchard.outcome"]);
    }

    [Fact]
    public async Task ChatStream_LeftEarlyOrCancelled_TheOutcomeTells()
    {
        using var listening = new Listening(_model);
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Say("one").Stall()));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        using var stop = new CancellationTokenSource();

        await foreach (ChatDelta _ in client.ChatStreamAsync(_model, "Count."))
        {
            break;
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatDelta _ in client.ChatStreamAsync(_model, "Count.", cancellationToken: stop.Token))
            {
                await stop.CancelAsync();
            }
        });

        Assert.Equal(
            ["abandoned", "cancelled"],
            listening.Measurements.Where(measured => measured.Name == "orchard.chat.duration").Select(measured => measured.Tags["orchard.outcome"]).Order());
        Assert.All(listening.Spans.Where(span => span.Kind == ActivityKind.Client), span => Assert.Equal((ActivityStatusCode.Unset, null), (span.Status, span.GetTagItem("error.type"))));
        Assert.All(listening.Measurements, measured => Assert.DoesNotContain("error.type", measured.Tags.Keys));
    }

    [Fact]
    public async Task Gauges_EngineShared_ToldOnceForAllItsClients()
    {
        using var listening = new Listening(_model);
        await using var engine = new FakeEngine(new EngineScript().Answer("ok"));
        await using Client one = await engine.ConnectAsync().OrBroken("one client");
        await using Client other = await engine.ConnectAsync().OrBroken("the other client");

        listening.ReadGauges();

        // Made-up process ids of other tests' engines may be the same; that the id comes once is what counts.
        Assert.Single(listening.Measurements, measured =>
            measured.Name == "orchard.engine.heartbeat.age" && engine.ProcessId.Equals(measured.Tags["orchard.engine.process_id"]));
    }
}
