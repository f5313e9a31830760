using System.Buffers;
using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Serving.Requests;
using Orchard.Engine.Tests.Scheduling;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Serving;

public sealed class RequestHandlerTests
{
    [Fact]
    public async Task Generation_StreamsTextWithEventsAndOneFinal()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        WireRequest request = harness.Request();

        await harness.SendAsync(request);
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal("Paris.", string.Concat(deltas.Select(delta => delta.Content)));
        Assert.All(deltas, delta => Assert.Equal(
            (request.RequestId, 0, 0, deltas[0].SequenceId), (delta.RequestId, delta.PromptIndex, delta.CandidateIndex, delta.SequenceId)));
        Assert.All(deltas.SkipLast(1), delta => Assert.Equal("DELTA", delta.FinishReason));
        ResponseDelta final = deltas[^1];
        Assert.Equal(("stop", 6, 6), (final.FinishReason, final.GenerationLength, final.PromptTokenCount));
        Assert.Equal(ScriptedTokenizer.EndOfGeneration, final.Extras!.MatchedStopTokenId);
        Assert.Equal(6, deltas.Sum(delta => delta.Tokens!.Length));

        StateEvent[] events = [.. deltas.SelectMany(delta => delta.StateEvents ?? [])];
        Assert.Equal(StateEventType.ItemStarted, events[0].Type);
        Assert.Equal("Paris.", string.Concat(events.Select(e => e.Delta)));
        Assert.Equal((StateEventType.ItemCompleted, "Paris."), (events[^1].Type, events[^1].Value));
        Assert.Equal(0, harness.Active.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hermes")]
    public async Task Generation_ItemValuesOmitted_ChangesNothingElse(string format)
    {
        await using var harness = new ServingHarness(new FakeModelLoader
        {
            Answer = "Well. <tool_call>{\"name\":\"add\",\"arguments\":{\"a\":1}}</tool_call>",
            ContextLength = 256,
        });
        await harness.LoadAsync();
        WirePrompt prompt = ServingHarness.Prompt() with
        {
            ToolSchemasJson = format.Length > 0 ? """[{"name":"add","parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}]""" : "",
            ToolCallingTokens = new([new ToolCallFormat { Name = format, CallStart = "<tool_call>", CallEnd = "</tool_call>" }], "", ""),
        };

        await harness.SendAsync(harness.Request(prompt));
        IReadOnlyList<ResponseDelta> withValues = await harness.Recorder.ReadFinalsAsync(1);
        await harness.SendAsync(harness.Request(prompt) with { OmitsItemValues = true });
        IReadOnlyList<ResponseDelta> without = await harness.Recorder.ReadFinalsAsync(1);

        StateEvent[] expected = [.. withValues.SelectMany(delta => delta.StateEvents ?? [])];
        StateEvent[] actual = [.. without.SelectMany(delta => delta.StateEvents ?? [])];
        Assert.All(expected, e => Assert.Equal(e.Type == StateEventType.ItemCompleted, e.Value is not null));
        Assert.Equal(expected.Select(e => e with { Value = null }), actual);
        Assert.Equal(withValues.Select(delta => delta.Content), without.Select(delta => delta.Content));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_TakenOn_IsAcknowledgedBeforeAnyOutputToWhoAsked(bool asks)
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request() with { WantsAcknowledgement = asks });
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal(asks, deltas[0].IsAcknowledgement);
        Assert.All(deltas.Skip(1), delta => Assert.False(delta.IsAcknowledgement));
        Assert.Equal("Paris.", string.Concat(deltas.Select(delta => delta.Content)));
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData(null)]
    public async Task Request_Traced_OnlyItsFinalDeltasTellTimesAndItsContext(string? traceParent)
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { NumCandidates = 2 }) with { TraceParent = traceParent });
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(2);

        Assert.All(deltas.Where(delta => !delta.IsFinal), delta => Assert.Null(delta.Extras?.Times));
        Assert.All(deltas.Where(delta => delta.IsFinal), delta => Assert.Equal(traceParent, delta.Extras?.Times?.TraceParent));
    }

    [Fact]
    public async Task Generation_PromptsTimesCandidates_EachGetsOneFinal()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(
            ServingHarness.Prompt() with { NumCandidates = 3 },
            ServingHarness.Prompt("B>") with { PromptIndex = 1, BestOf = 2 }));
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(5);

        Assert.Equal(
            [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)],
            deltas.Where(delta => delta.IsFinal).Select(delta => (delta.PromptIndex!.Value, delta.CandidateIndex!.Value)).Order());
        Assert.Equal(5, deltas.Select(delta => delta.SequenceId).Distinct().Count());
        Assert.False(harness.Recorder.HasDelta);
    }

    [Fact]
    public async Task Generation_TokenLimit_EndsWithLength()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { MaxGeneratedTokens = 3 }));
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal("length", deltas[^1].FinishReason);
        Assert.Equal("Par", string.Concat(deltas.Select(delta => delta.Content)));
    }

    [Fact]
    public async Task Generation_StopString_StaysInTheOutputAndIsNamed()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { StopSequences = ["ri"] }));
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal(("stop", "ri"), (deltas[^1].FinishReason, deltas[^1].Extras!.MatchedStopToken));
        Assert.Equal("Pari", string.Concat(deltas.Select(delta => delta.Content)));
    }

    [Fact]
    public async Task Generation_Sampled_EachCandidateHasItsOwnSeed()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { Temperature = 1, RngSeed = 40, NumCandidates = 3 }));
        await harness.Recorder.ReadFinalsAsync(3);

        Assert.Equal([40u, 41u, 42u], harness.Loader.Samplings.Select(sampling => sampling.Seed).Order());
    }

    [Fact]
    public async Task Generation_GreedyCandidates_AreDecodedOnceAndAllAnswered()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { Temperature = 0, NumCandidates = 3 }));
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(3);

        Assert.Single(harness.Loader.Samplings);
        Assert.All(deltas.GroupBy(static delta => delta.CandidateIndex), static candidate =>
        {
            Assert.Equal("Paris.", string.Concat(candidate.Select(static delta => delta.Content)));
            Assert.Single(candidate, static delta => delta.IsFinal);
        });
        Assert.Equal([0, 1, 2], deltas.Where(static delta => delta.IsFinal).Select(static delta => delta.CandidateIndex!.Value).Order());
        Assert.Equal(3, deltas.Select(static delta => delta.SequenceId).Distinct().Count());
        Assert.False(harness.Recorder.HasDelta);
    }

    [Fact]
    public async Task Cancel_Running_EndsAsCancelledWithAFinal()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { GatesDecodes = true });
        await harness.LoadAsync();
        WireRequest request = harness.Request();
        await harness.SendAsync(request);
        await harness.Loader.Decoder!.EnteredAsync();

        Assert.Equal(CancelResult.Cancelled, harness.Active.Cancel(request.RequestId, ServingHarness.Channel));
        harness.Loader.Decoder.OpenGate();
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal("cancelled", deltas[^1].FinishReason);
        Assert.Null(deltas[^1].Extras?.ErrorMessage);
    }

    [Fact]
    public async Task Cancel_OvertakesItsRequest_CancelsItOnArrival()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { Answer = new string('a', 200) });
        await harness.LoadAsync();
        WireRequest request = harness.Request();

        Assert.Equal(CancelResult.Unknown, harness.Active.Cancel(request.RequestId, ServingHarness.Channel));
        await harness.SendAsync(request);
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal("cancelled", deltas[^1].FinishReason);
    }

    [Fact]
    public async Task Request_ModelNotLoaded_EachSequenceGetsAnErrorFinal()
    {
        await using var harness = new ServingHarness();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { NumCandidates = 2 }));
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(2);

        Assert.Equal([(0, 0), (0, 1)], deltas.Select(delta => (delta.PromptIndex!.Value, delta.CandidateIndex!.Value)));
        Assert.All(deltas, delta => AssertError(delta, ErrorCode.ModelNotLoaded, ServingHarness.ModelId));
    }

    [Fact]
    public async Task Request_ModelLoading_SaysSo()
    {
        await using var harness = new ServingHarness(new FakeModelLoader(gated: true));
        await harness.ExecuteAsync(harness.LoadCommand());

        await harness.SendAsync(harness.Request());

        AssertError((await harness.Recorder.NextAsync()).Delta, ErrorCode.ModelNotLoaded, "still loading");
    }

    [Fact]
    public async Task Request_PromptTooLong_TellsBothNumbers()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { ContextLength = 16 });
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(
            ServingHarness.Prompt(new string('x', 30) + ">"), ServingHarness.Prompt() with { PromptIndex = 1 }));
        IReadOnlyList<ResponseDelta> deltas = await harness.Recorder.ReadFinalsAsync(2);

        ResponseDelta refused = Assert.Single(deltas, delta => delta is { IsFinal: true, PromptIndex: 0 });
        AssertError(refused, ErrorCode.ContextLengthExceeded, "31");
        Assert.Contains("16", refused.Extras!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(31, refused.PromptTokenCount);
        Assert.Equal("stop", Assert.Single(deltas, delta => delta is { IsFinal: true, PromptIndex: 1 }).FinishReason);
        Assert.Equal(0, harness.Active.Count);
    }

    [Fact]
    public async Task Request_EmptyPrompt_IsRefused()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt("")));

        AssertError((await harness.Recorder.NextAsync()).Delta, ErrorCode.InvalidRequest, "no tokens");
    }

    [Fact]
    public async Task Request_TokenizerFails_IsAnInternalErrorForEachCandidate()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        harness.Loader.TokenizeFailure = new IOException("broken vocabulary");

        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { NumCandidates = 2 }));

        Assert.All(await harness.Recorder.ReadFinalsAsync(2), delta => AssertError(delta, ErrorCode.Internal, "broken vocabulary"));
        Assert.Equal(0, harness.Active.Count);
    }

    [Fact]
    public async Task Request_DecodeFails_EndsWithAnErrorFinal()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { GatesDecodes = true });
        await harness.LoadAsync();
        await harness.SendAsync(harness.Request());
        await harness.Loader.Decoder!.EnteredAsync();

        harness.Loader.Decoder.Release(new DecodeException("status -3"));

        AssertError((await harness.Recorder.NextAsync()).Delta, ErrorCode.Internal, "status -3");
    }

    [Fact]
    public async Task Request_MoreSequencesThanTheEngineTakes_IsOverloaded()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        Assert.NotNull(harness.Active.TryAdd(1, 1, RequestHandler.MaxActiveSequences, RequestHandler.MaxActiveSequences));

        await harness.SendAsync(harness.Request());

        AssertError((await harness.Recorder.NextAsync()).Delta, ErrorCode.Overloaded, "try again");
    }

    [Fact]
    public async Task Request_AbsurdFanOut_GetsOneRequestLevelError()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { NumCandidates = int.MaxValue }));
        ResponseDelta delta = (await harness.Recorder.NextAsync()).Delta;

        AssertError(delta, ErrorCode.InvalidRequest, "sequences");
        Assert.Null(delta.PromptIndex);
        Assert.False(harness.Recorder.HasDelta);
    }

    [Fact]
    public async Task Message_UnreadableWithIds_IsAnsweredWithOneError()
    {
        await using var harness = new ServingHarness();
        byte[] metadata = Encoding.UTF8.GetBytes("""{"request_id":7,"response_channel_id":12,"model_id":"m","model_path":"p","request_type":0,"prompts":42}""");
        byte[] message = [.. BitConverter.GetBytes(metadata.Length), .. metadata];

        await harness.Requests.HandleAsync(new ReadOnlySequence<byte>(message), harness.Sender);
        (ulong channel, ResponseDelta delta) = await harness.Recorder.NextAsync();

        Assert.Equal((12ul, 7ul), (channel, delta.RequestId));
        AssertError(delta, ErrorCode.InvalidRequest, "");
    }

    [Fact]
    public async Task Message_Garbage_IsDroppedInSilence()
    {
        await using var harness = new ServingHarness();

        await harness.Requests.HandleAsync(new ReadOnlySequence<byte>([1, 2, 3]), harness.Sender);
        await harness.Requests.HandleAsync(new ReadOnlySequence<byte>(new byte[64]), harness.Sender);

        Assert.False(harness.Recorder.HasDelta);
    }

    [Fact]
    public async Task Dispose_ThenRequest_IsRefusedAsShuttingDown()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        WireRequest request = harness.Request();
        await harness.Requests.DisposeAsync();

        await harness.SendAsync(request);

        AssertError((await harness.Recorder.NextAsync()).Delta, ErrorCode.ShuttingDown, "shutting down");
    }

    private static void AssertError(ResponseDelta delta, string code, string text)
    {
        Assert.True(delta.IsFinal);
        Assert.Equal(("error", code), (delta.FinishReason, delta.Extras!.ErrorCode));
        Assert.Contains(text, delta.Extras.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(delta.Extras.ErrorMessage, delta.Content);
    }
}
