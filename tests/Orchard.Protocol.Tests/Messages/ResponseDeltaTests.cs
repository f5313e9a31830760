using System.Buffers;
using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Protocol.Tests.Messages;

public class ResponseDeltaTests
{
    private const ulong Channel = 0x1a2bdeadbeef;

    private static readonly ResponseDelta Full = new()
    {
        RequestId = ulong.MaxValue,
        SequenceId = 1ul << 63,
        PromptIndex = 1,
        CandidateIndex = 2,
        Content = "\u4e16 \ud83d\ude00 \0 \u2028 \" \\ <&>",
        IsFinal = true,
        FinishReason = "Length",
        PromptTokenCount = 4,
        CachedTokenCount = 5,
        TokensInDelta = 6,
        GenerationLength = 7,
        ReasoningTokens = 8,
        Tokens = [9, 10],
        TopLogprobs = [new("11", -0.5), new("12", -1e-7, [0xff, 0])],
        StateEvents = [new(StateEventType.ItemCompleted, OutputItemType.ToolCall, 13, "tool_call:f", "d", "{\"name\":\"f\"}")],
        Extras = new DeltaExtras
        {
            ErrorMessage = "no",
            SchemaPath = "/a",
            SchemaKeyword = "not",
            MediaIndex = 2,
            MatchedStopTokenId = 3,
            MatchedStopToken = "</s>",
            CumulativeLogprob = -12.25,
            ModalDecoderId = "m",
            ModalType = "image",
            ModalEvent = "artifact.done",
            ModalMimeType = "image/png",
            ModalMetadataJson = "{}",
            ModalBytes = [1, 2, 3],
            EmbeddingBytes = [4, 5, 6, 7],
        },
    };

    [Fact]
    public void WriteThenRead_EveryField_RoundTrips() => Assert.Equal(Encoded.Describe(Full), Encoded.Describe(Read(Write(Full))));

    [Theory]
    [InlineData("""{"request_id":1,"orchard":{"acknowledged":true}}""", true)]
    [InlineData("""{"request_id":1,"orchard":{"later":{"a":[1]},"acknowledged":true,"even_later":2}}""", true)]
    [InlineData("""{"request_id":1,"orchard":{"acknowledged":false}}""", false)]
    [InlineData("""{"request_id":1,"orchard":{}}""", false)]
    [InlineData("""{"request_id":1,"orchard":[true]}""", false)]
    [InlineData("""{"request_id":1,"orchard":null}""", false)]
    [InlineData("""{"request_id":1}""", false)]
    public void Read_Acknowledgement_IsWhatTheEngineSays(string json, bool expected) => Assert.Equal(expected, Read(json).IsAcknowledgement);

    [Fact]
    public void Write_Acknowledgement_ReadsBack() =>
        Assert.True(Read(Write(new ResponseDelta { RequestId = 1, IsAcknowledgement = true })).IsAcknowledgement);

    [Fact]
    public void PrefilledTokens_RoundTrip() =>
        Assert.Equal(5, Read(Write(new ResponseDelta { RequestId = 1, Extras = new DeltaExtras { PrefilledTokens = 5 } })).Extras?.PrefilledTokens);

    [Fact]
    public void Times_RoundTrip()
    {
        var times = new SequenceTimes { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", ArrivedAt = 1_795_000_000_000_001, Queue = 1, Prefill = 2, Decode = 3 };

        Assert.Equal(times, Read(Write(new ResponseDelta { RequestId = 1, IsFinal = true, Extras = new DeltaExtras { Times = times } })).Extras?.Times);
    }

    [Theory]
    [InlineData("""{"times":{"traceparent":"t","later":[1],"queue_us":5}}""", "t", 5)]
    [InlineData("""{"times":{"queue_us":5}}""", null, 0)]
    [InlineData("""{"times":{"traceparent":null}}""", null, 0)]
    [InlineData("""{"times":null}""", null, 0)]
    public void Times_OfAnotherRelease_AreTakenAsFarAsTheyGo(string extensions, string? traceParent, long queue)
    {
        SequenceTimes? times = Read($"{{\"request_id\":1,\"orchard\":{extensions}}}").Extras?.Times;

        Assert.Equal((traceParent, queue), (times?.TraceParent, times?.Queue ?? 0));
    }

    [Theory]
    [InlineData("""{"times":[1]}""")]
    [InlineData("""{"times":{"traceparent":1}}""")]
    [InlineData("""{"times":{"queue_us":-1}}""")]
    [InlineData("""{"times":{"arrived_us":9223372036854775807}}""")]
    public void Times_Malformed_AreRefused(string extensions) =>
        Assert.Throws<ResponseDeltaException>(() => Read($"{{\"request_id\":1,\"orchard\":{extensions}}}"));

    [Theory]
    [InlineData("""{"request\u005fid":7}""")]
    [InlineData("""{"request_id":7,"a_name_that_is_longer_than_any_of_ours_\u0041":1}""")]
    public void Read_NameWithEscapes_IsWhatItSays(string json) => Assert.Equal(7ul, Read(json).RequestId);

    [Fact]
    public void Write_EmptyDelta_WritesNoNullAndTheFieldsAReaderNeeds() =>
        Assert.Equal("""{"request_id":1,"is_final_delta":false}""", Encoding.UTF8.GetString(Write(new ResponseDelta { RequestId = 1 })));

    [Fact]
    public void Write_Channel_IsTheWholeTopic()
    {
        byte[] message = Encoded.Encode(0xAB, new ResponseDelta { RequestId = 1 });

        Assert.StartsWith("resp:ab:{", Encoding.UTF8.GetString(message), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Failure_RepeatsItsTextInContent()
    {
        using JsonDocument json = JsonDocument.Parse(Write(new ResponseDelta { RequestId = 1, FinishReason = "error", IsFinal = true, Extras = new DeltaExtras { ErrorMessage = "T" } }));

        Assert.Equal("T", json.RootElement.GetProperty("content").GetString());
        Assert.Equal("T", json.RootElement.GetProperty("error_message").GetString());
    }

    [Fact]
    public void Write_LogprobsThatAreNotFinite_StayReadable()
    {
        ResponseDelta delta = Read(Write(new ResponseDelta
        {
            RequestId = 1,
            Extras = new DeltaExtras { CumulativeLogprob = double.NegativeInfinity },
            TopLogprobs = [new("1", double.NegativeInfinity), new("2", double.NaN)],
        }));

        Assert.Null(delta.Extras?.CumulativeLogprob);
        Assert.All(delta.TopLogprobs!, t => Assert.Equal(ResponseDeltaWriter.ImpossibleLogprob, t.Logprob));
    }

    [Fact]
    public void Write_UnpairedSurrogate_IsReplaced()
    {
        ResponseDelta delta = Read(Write(new ResponseDelta { RequestId = 1, Content = "a\ud800b", FinishReason = "\udc00" }));

        Assert.Equal("a\ufffdb", delta.Content);
    }

    [Fact]
    public void Write_FirstDestinationFailed_TheNextDeltaIsWhole()
    {
        Assert.ThrowsAny<Exception>(() => ResponseDeltaWriter.Write(Channel, Full, new FullWriter()));

        Assert.Equal(Encoded.Describe(Full), Encoded.Describe(Read(Write(Full))));
    }

    [Theory]
    [InlineData("""{"request_id":1,"error":"old","error_message":"new"}""", "new")]
    [InlineData("""{"request_id":1,"error_message":"new","error":"old"}""", "new")]
    [InlineData("""{"request_id":1,"error":"old"}""", "old")]
    [InlineData("""{"request_id":1,"error":{"code":5}}""", """{"code":5}""")]
    [InlineData("""{"request_id":1,"error_message":"","error":"old"}""", "old")]
    [InlineData("""{"request_id":1,"finish_reason":"Error","message":"m","content":""}""", "m")]
    [InlineData("""{"request_id":1,"finish_reason":"Error","message":"m","content":"c"}""", "c")]
    [InlineData("""{"request_id":1,"finish_reason":"stop","message":"m","content":"c"}""", null)]
    public void Read_Failure_TakesTheFirstSpelling(string json, string? expected) => Assert.Equal(expected, Read(json).Extras?.ErrorMessage);

    [Theory]
    [InlineData("""{"token":"1","probability":-1}""", -1.0)]
    [InlineData("""{"token":"1","logprob":-2.5}""", -2.5)]
    [InlineData("""{"logprob":-2,"probability":null,"token":"1","bytes":[49]}""", -2.0)]
    public void Read_TopLogprob_TakesEitherSpelling(string entry, double expected) =>
        Assert.Equal(expected, Assert.Single(Read($"{{\"request_id\":1,\"top_logprobs\":[{entry}]}}").TopLogprobs!).Logprob);

    [Theory]
    [InlineData("\"text\"", "text")]
    [InlineData("{\"a\": [1, \"x\"]}", "{\"a\": [1, \"x\"]}")]
    [InlineData("12.50", "12.50")]
    [InlineData("null", null)]
    public void Read_StateEventValue_IsTextOrRawJson(string value, string? expected)
    {
        string json = $$"""{"request_id":1,"state_events":[{"event_type":"item_completed","item_type":"","future":[],"value":{{value}}}]}""";

        StateEvent e = Assert.Single(Read(json).StateEvents!);

        Assert.Equal(new StateEvent(StateEventType.ItemCompleted, OutputItemType.Message, 0, "", null, expected), e);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"request_id":null}""")]
    [InlineData("""{"request_id":-1}""")]
    [InlineData("""{"request_id":"1"}""")]
    [InlineData("""{"request_id":1.5}""")]
    public void Read_NoUsableRequestId_Throws(string json) =>
        Assert.Null(Assert.Throws<ResponseDeltaException>(() => Read(json)).RequestId);

    [Theory]
    [InlineData("""{"request_id":1} x""")]
    [InlineData("""{"request_id":1,"content":"tru""")]
    [InlineData("""{"request_id":1,"content":5}""")]
    [InlineData("""{"request_id":1,"content":"\ud800"}""")]
    [InlineData("""{"request_id":1,"tokens":[2147483648]}""")]
    [InlineData("""{"request_id":1,"tokens":[null]}""")]
    [InlineData("""{"request_id":1,"tokens":5}""")]
    [InlineData("""{"request_id":1,"prompt_index":-1}""")]
    [InlineData("""{"request_id":1,"state_events":[1]}""")]
    [InlineData("""{"request_id":1,"is_final_delta":"true"}""")]
    [InlineData("""{"request_id":1,"embedding_bytes":"A"}""")]
    [InlineData("""{"request_id":1,"embedding_bytes":[256]}""")]
    [InlineData("""{"request_id":1,"cumulative_logprob":1e999}""")]
    public void Read_BrokenDelta_ThrowsWithTheRequestItBelongsTo(string json) =>
        Assert.Equal(1ul, Assert.Throws<ResponseDeltaException>(() => Read(json)).RequestId);

    [Theory]
    [InlineData("""{"request_id":7,"is_final_delta":tr""")]
    [InlineData("""{"request_id":7,"is_final_delta":fals""")]
    [InlineData("""{"request_id":7,"content":nul""")]
    public void Read_CutLiteralInSeveralSegments_ThrowsLikeAnyOther(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        for (int at = 0; at <= bytes.Length; at++)
        {
            ReadOnlySequence<byte> split = Encoded.Split(bytes, at);

            Assert.Equal(7ul, Assert.Throws<ResponseDeltaException>(() => ResponseDeltaReader.Read(split)).RequestId);
        }
    }

    [Fact]
    public void Read_WordsOfEveryDelta_AreShared()
    {
        ResponseDelta delta = Read("""{"request_id":1,"content":"Hi","finish_reason":"DELTA","state_events":[{"identifier":"message","delta":"Hi"}]}""");

        Assert.Same(FinishReasons.Delta, delta.FinishReason);
        Assert.Same(delta.Content, delta.StateEvents![0].Delta);
    }

    [Fact]
    public void With_ExtraCleared_LeavesTheOriginal()
    {
        DeltaExtras copy = Full.Extras! with { ErrorMessage = null, ModalType = "audio" };

        Assert.Equal("no", Full.Extras!.ErrorMessage);
        Assert.Equal("image", Full.Extras.ModalType);
        Assert.Null(copy.ErrorMessage);
        Assert.Equal("audio", copy.ModalType);
        Assert.Equal("</s>", copy.MatchedStopToken);
    }

    [Fact]
    public void Write_PlainSpan_WritesTheSameBytesAsItsEvent() =>
        Assert.Equal(Write(Ordinary), Write(Ordinary with { StateEvents = StateEvent.PlainSpan }));

    [Fact]
    public void Read_OrdinaryDelta_HasNoExtras() => Assert.Null(Read(Write(Ordinary)).Extras);

    [Fact]
    public void Read_FinalDelta_AllocatesItsExtrasOnce()
    {
        byte[] one = Write(Ordinary with { Extras = new DeltaExtras { MatchedStopTokenId = 3 } });
        byte[] three = Write(Ordinary with { Extras = new DeltaExtras { MatchedStopTokenId = 3, CumulativeLogprob = -1.5, MatchedStopToken = "" } });

        Assert.Equal(AllocatedPerCall(() => Read(one)), AllocatedPerCall(() => Read(three)));
    }

    [Fact]
    public void Read_OrdinaryDelta_AllocatesLittle()
    {
        byte[] plain = Write(Ordinary with { StateEvents = null });
        byte[] withSpan = Write(Ordinary);

        Assert.InRange(AllocatedPerCall(() => Read(plain)), 1, 200);
        Assert.InRange(AllocatedPerCall(() => Read(withSpan)), 1, 200);
    }

    [Fact]
    public void Write_OrdinaryDelta_AllocatesNothing()
    {
        var writer = new ArrayBufferWriter<byte>(4096);
        long bytes = AllocatedPerCall(() =>
        {
            writer.ResetWrittenCount();
            ResponseDeltaWriter.Write(Channel, Ordinary, writer);
        });

        Assert.Equal(0, bytes);
    }

    private static readonly ResponseDelta Ordinary = new()
    {
        RequestId = 7,
        SequenceId = 1,
        PromptIndex = 0,
        CandidateIndex = 0,
        Content = "Hel",
        FinishReason = FinishReasons.Delta,
        PromptTokenCount = 8,
        TokensInDelta = 1,
        GenerationLength = 1,
        Tokens = [9906],
        StateEvents = [new(StateEventType.ContentDelta, OutputItemType.Message, 0, "message", "Hel")],
    };

    [Fact]
    public void Logprobs_RoundTrip_AndMinusInfinityHasAFiniteForm()
    {
        var top = new TokenScore(5, double.NegativeInfinity, [0xC3], []);
        var delta = new ResponseDelta { RequestId = 1, Extras = new DeltaExtras { CumulativeLogprob = -1.5, Logprobs = [new TokenScore(4, -0.25, [65, 66], [top])] } };

        ResponseDelta read = Read(Write(delta));

        TokenScore score = Assert.Single(read.Extras!.Logprobs!);
        Assert.Equal((4, -0.25, -1.5), (score.Token, score.Logprob, read.Extras.CumulativeLogprob!.Value));
        Assert.Equal([65, 66], score.Bytes);
        TokenScore readTop = Assert.Single(score.Top);
        Assert.Equal((5, ResponseDeltaWriter.ImpossibleLogprob), (readTop.Token, readTop.Logprob));
        Assert.Equal([0xC3], readTop.Bytes);
    }

    [Theory]
    [InlineData("""{"logprobs":[{"logprob":-1}]}""")]
    [InlineData("""{"logprobs":[{"token":1}]}""")]
    [InlineData("""{"logprobs":[3]}""")]
    [InlineData("""{"logprobs":{}}""")]
    public void Logprobs_Malformed_IsRefused(string extensions) =>
        Assert.Throws<ResponseDeltaException>(() => Read($$"""{"request_id":1,"orchard":{{extensions}}}"""));

    private static long AllocatedPerCall(Action call)
    {
        const int Calls = 1000;
        for (int i = 0; i < Calls; i++)
        {
            call();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            call();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private static byte[] Write(ResponseDelta delta) => Encoded.Encode(Channel, delta)[Topic.ForResponses(Channel).Length..];

    private static ResponseDelta Read(byte[] json) => ResponseDeltaReader.Read(new ReadOnlySequence<byte>(json));

    private static ResponseDelta Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    /// <summary>A destination without room for more than a topic.</summary>
    private sealed class FullWriter : IBufferWriter<byte>
    {
        private readonly byte[] _room = new byte[64];

        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new InvalidOperationException("full");

        public Span<byte> GetSpan(int sizeHint = 0) => _room;
    }
}
