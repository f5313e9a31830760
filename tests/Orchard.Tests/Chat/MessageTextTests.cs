using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Tests.Chat;

public class MessageTextTests
{
    private readonly MessageText _text = new();

    [Fact]
    public void Append_SpanMirroredInContent_AddsItOnce() => Assert.Equal("Hel", _text.Append(Delta("Hel", Span("Hel"))));

    [Fact]
    public void Append_CoalescedSpans_AddsTheJoin() => Assert.Equal("It is Par", _text.Append(Delta("Par", Span("It is "), Span("Par"))));

    [Fact]
    public void Append_ContentContinuesTheSpans_AddsTheContent() => Assert.Equal("end of", _text.Append(Delta("end of", Span("end "))));

    [Fact]
    public void Append_ReasoningOnly_AddsNothing() =>
        Assert.Equal("", _text.Append(Delta("thinking", Span("thinking", OutputItemType.Reasoning))));

    [Fact]
    public void Append_ItemStartedOnly_AddsNothing() => Assert.Equal(
        "", _text.Append(Delta("STOP", new StateEvent(StateEventType.ItemStarted, OutputItemType.Message, 0, "message", ""))));

    [Fact]
    public void Append_PlainContentAfterEvents_AddsNothing()
    {
        _ = _text.Append(Delta("Hel", Span("Hel")));

        Assert.Equal("", _text.Append(Delta("Hello")));
    }

    [Fact]
    public void Append_FirstEventAfterPlainContent_TakesTheContentBack()
    {
        Assert.Equal("<think>", _text.Append(Delta("<think>")));
        Assert.False(_text.TookBackEarlierText);

        Assert.Equal("Hi", _text.Append(Delta("Hi", Span("Hi"))));
        Assert.True(_text.TookBackEarlierText);

        Assert.Equal("!", _text.Append(Delta("!", Span("!"))));
        Assert.False(_text.TookBackEarlierText);
    }

    [Fact]
    public void Append_NeverAnyEvent_AddsContent()
    {
        Assert.Equal("Hel", _text.Append(Delta("Hel")));
        Assert.Equal("", _text.Append(Delta(null)));
        Assert.Equal("lo", _text.Append(Delta("lo") with { StateEvents = [] }));
        Assert.False(_text.TookBackEarlierText);
    }

    [Fact]
    public void Append_CompletedWithNothingCollected_AddsTheValue() => Assert.Equal("Hello", _text.Append(Delta("", Completed("Hello"))));

    [Fact]
    public void Append_CompletedAfterSpans_AddsNothing()
    {
        _ = _text.Append(Delta("Hel", Span("Hel")));

        Assert.Equal("lo", _text.Append(Delta("", Span("lo"), Completed("Hello"))));
        Assert.Equal("", _text.Append(Delta("", Completed("Hello"))));
    }

    [Fact]
    public void Append_CompletedAfterTextWasTakenBack_AddsTheValue()
    {
        _ = _text.Append(Delta("<think>"));

        Assert.Equal("Hello", _text.Append(Delta("", Completed("Hello"))));
        Assert.True(_text.TookBackEarlierText);
    }

    [Fact]
    public void Append_CompletedReasoning_AddsNothing() => Assert.Equal(
        "", _text.Append(Delta("", new StateEvent(StateEventType.ItemCompleted, OutputItemType.Reasoning, 0, "reasoning", Value: "so"))));

    [Fact]
    public void Append_FailureThatRepeatsItsTextInContent_AddsNothing() => Assert.Equal(
        "", _text.Append(Delta("GPU watchdog") with { IsFinal = true, FinishReason = "error", Extras = new DeltaExtras { ErrorMessage = "GPU watchdog" } }));

    private static ResponseDelta Delta(string? content, params StateEvent[] events) =>
        new() { RequestId = 1, Content = content, StateEvents = events.Length == 0 ? null : events };

    private static StateEvent Span(string text, OutputItemType item = OutputItemType.Message) =>
        new(StateEventType.ContentDelta, item, 0, "message", text);

    private static StateEvent Completed(string value) => new(StateEventType.ItemCompleted, OutputItemType.Message, 0, "message", Value: value);
}
