using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Tests.Chat;

public sealed class SequenceReaderTests
{
    [Fact]
    public void Read_FinalDelta_CarriesFinishReasonAndUsage()
    {
        var reader = new SequenceReader(0, 0, []);
        reader.Read(Delta("Hel", generated: 1) with { PromptTokenCount = 8, CachedTokenCount = 3 });

        ChatDelta last = reader.Read(Delta("lo", generated: 2, finish: "length"))!;

        Assert.Equal("lo", last.Text);
        Assert.Equal(FinishReason.Length, last.FinishReason);
        Assert.Equal(new Usage { PromptTokens = 8, CachedTokens = 3, CompletionTokens = 2 }, last.Usage);
    }

    [Theory]
    [InlineData("one, two.", "one")]
    [InlineData("one, two", "one, two")]
    public void Read_StopStringAtTheEnd_IsTakenOff(string last, string seen) =>
        Assert.Equal(seen, new SequenceReader(0, 0, [".", ", two."]).Read(Delta(last, generated: 1, finish: "stop"))!.Text);

    [Fact]
    public void Read_DeltaWithoutText_IsNotShown() => Assert.Null(new SequenceReader(0, 0, []).Read(Delta("", generated: 1)));

    [Theory]
    [InlineData("STOP", FinishReason.Stop)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("content_filter", FinishReason.ContentFilter)]
    [InlineData("something new", FinishReason.Unknown)]
    public void Read_FinishReason_InAnySpelling(string wire, FinishReason expected) =>
        Assert.Equal(expected, new SequenceReader(0, 0, []).Read(Delta("", generated: 1, finish: wire))!.FinishReason);

    private static ResponseDelta Delta(string content, int generated, string? finish = null) =>
        new() { RequestId = 1, PromptIndex = 0, Content = content, GenerationLength = generated, IsFinal = finish is not null, FinishReason = finish ?? "DELTA" };
}
