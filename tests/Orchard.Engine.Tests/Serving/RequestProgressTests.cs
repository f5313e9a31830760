using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Serving.Requests;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Serving;

/// <summary>Whatever is computed for a request is sent when it is computed, and its cancellation ends the work at the next step.</summary>
public sealed class RequestProgressTests
{
    private const string LongPrompt = "0123456789012345678901234567890123456789012345678901234567890123456789>"; // more than one batch

    [Fact]
    public async Task Embedding_SeveralTexts_EachIsSentWhenItIsComputed()
    {
        var embedder = new ScriptedEmbedder();
        await using var harness = new ServingHarness(new FakeModelLoader { Embedder = embedder });
        await harness.LoadAsync();
        await harness.SendAsync(Embedding(harness, "a", "bc", "def"));

        for (int i = 0; i < 3; i++)
        {
            await embedder.EnteredAsync();
            Assert.False(harness.Recorder.HasDelta);
            embedder.Release();
            ResponseDelta delta = (await harness.Recorder.NextAsync()).Delta;

            Assert.Equal((true, "stop", i, i + 1f), (delta.IsFinal, delta.FinishReason, delta.PromptIndex, BitConverter.ToSingle(delta.Extras!.EmbeddingBytes!)));
        }

        Assert.Equal(0, harness.Active.Count);
    }

    [Fact]
    public async Task Embedding_CancelledAfterTheFirstText_EndsTheOthersWithoutComputingThem()
    {
        var embedder = new ScriptedEmbedder();
        await using var harness = new ServingHarness(new FakeModelLoader { Embedder = embedder });
        await harness.LoadAsync();
        WireRequest request = Embedding(harness, "a", "bc", "def");
        await harness.SendAsync(request);
        await embedder.EnteredAsync();

        Assert.Equal(CancelResult.Cancelled, harness.Active.Cancel(request.RequestId, ServingHarness.Channel));
        embedder.Release();
        IReadOnlyList<ResponseDelta> finals = await harness.Recorder.ReadFinalsAsync(3);

        Assert.Equal(["stop", "cancelled", "cancelled"], finals.Select(delta => delta.FinishReason));
        Assert.Equal(1, embedder.Steps);
        Assert.Equal(0, harness.Active.Count);
    }

    [Fact]
    public async Task Embedding_Steps_AreInTheTelemetryOfTheModel()
    {
        var embedder = new ScriptedEmbedder();
        await using var harness = new ServingHarness(new FakeModelLoader { Embedder = embedder });
        await harness.LoadAsync();
        await harness.SendAsync(Embedding(harness, "a"));
        embedder.Release();
        await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal(1, Assert.Single(harness.Models.Describe()).Counters!.EmbeddingSteps);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Generation_PromptTakesSeveralSteps_ReportsItsProgressToWhoAsked(bool asks)
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt(LongPrompt)) with { WantsPrefillProgress = asks });
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(1);

        ResponseDelta[] reports = [.. deltas.Where(delta => delta.Extras?.PrefilledTokens is not null)];
        Assert.Equal(asks ? [(64, LongPrompt.Length)] : [], reports.Select(delta => (delta.Extras!.PrefilledTokens!.Value, delta.PromptTokenCount!.Value)));
        Assert.All(reports, delta => Assert.Equal((deltas[^1].SequenceId, 0, 0), (delta.SequenceId, delta.PromptIndex, delta.CandidateIndex)));
        Assert.All(reports, delta => Assert.False(delta.IsFinal));
        Assert.Equal("Paris.", string.Concat(deltas.Select(delta => delta.Content)));
    }

    [Fact]
    public async Task Generation_PromptOfOneStep_HasNoReport()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request() with { WantsPrefillProgress = true });

        Assert.DoesNotContain(await harness.Recorder.ReadFinalsAsync(1), delta => delta.Extras?.PrefilledTokens is not null);
    }

    [Fact]
    public async Task Generation_CancelledDuringThePrefill_ComputesNoFurtherStep()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { GatesDecodes = true });
        await harness.LoadAsync();
        WireRequest request = harness.Request(ServingHarness.Prompt(LongPrompt));
        await harness.SendAsync(request);
        await harness.Loader.Decoder!.EnteredAsync();

        harness.Active.Cancel(request.RequestId, ServingHarness.Channel);
        harness.Loader.Decoder.OpenGate();
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal("cancelled", deltas[^1].FinishReason);
        Assert.Single(harness.Loader.Decoder.Batches);
    }

    [Fact]
    public void PrefillReport_StepsFasterThanItsPeriod_AreReportedOncePerPeriod()
    {
        var time = new FakeTimeProvider();
        var report = new PrefillReport(time);
        var reported = new List<int>();
        for (int computed = 1; computed <= 30; computed++)
        {
            if (report.Next(default, computed, 100) is { } delta)
            {
                reported.Add(delta.Extras!.PrefilledTokens!.Value);
            }

            time.Advance(PrefillReport.Period / 10);
        }

        Assert.Equal([1, 11, 21], reported);
    }

    private static WireRequest Embedding(ServingHarness harness, params string[] texts) =>
        harness.Request([.. texts.Select((text, index) => ServingHarness.Prompt(text) with { PromptIndex = index })]) with { Type = RequestType.Embedding };
}
