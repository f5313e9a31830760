using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Serving.Publishing;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Serving;

public sealed class DeltaJoinerTests : IDisposable
{
    private const ulong Channel = 77ul << 32;

    private readonly FakeTimeProvider _time = new();
    private readonly List<ResponseDelta> _sent = [];
    private readonly DeltaJoiner _joiner;
    private int _flushes;

    public DeltaJoinerTests() => _joiner = new DeltaJoiner((_, delta) => _sent.Add(delta), () => _flushes++, _time);

    public void Dispose() => _joiner.Dispose();

    [Fact]
    public void Burst_FirstIsSentAtOnceAndTheOthersAsOne()
    {
        Add(Piece("one ", 1), Piece("two ", 2), Piece("three", 3));
        Assert.Equal(["one "], _sent.Select(delta => delta.Content));

        _time.Advance(DeltaJoiner.Period);

        Assert.Equal(["one ", "two three"], _sent.Select(delta => delta.Content));
        Assert.Equal([2, 3], _sent[1].Tokens!);
        Assert.Equal((2, 3), (_sent[1].TokensInDelta, _sent[1].GenerationLength));
        Assert.True(_sent[1].IsPlainSpan);
        Assert.Equal(1, _flushes);
    }

    [Fact]
    public void SlowSequence_EachDeltaIsSentAtOnce()
    {
        foreach (int token in Enumerable.Range(1, 5))
        {
            Add(Piece($"{token} ", token));
            Assert.Equal(token, _sent.Count);
            _time.Advance(DeltaJoiner.Period);
        }
    }

    [Fact]
    public void LastDelta_IsSentAtOnceWithWhatWasHeld()
    {
        Add(Piece("one ", 1), Piece("two ", 2), Piece("three", 3) with { IsFinal = true, FinishReason = FinishReasons.Stop });

        Assert.Equal(["one ", "two three"], _sent.Select(delta => delta.Content));
        Assert.True(_sent[1].IsFinal);
        Assert.Equal([2, 3], _sent[1].Tokens!);
    }

    [Fact]
    public void Failure_ComesAfterWhatWasHeldAndIsNotJoined()
    {
        Add(Piece("one ", 1), Piece("two ", 2), Piece("", 3) with
        {
            IsFinal = true,
            Content = "broken",
            FinishReason = FinishReasons.Error,
            Extras = new DeltaExtras { ErrorMessage = "broken" },
        });

        Assert.Equal(["one ", "two ", "broken"], _sent.Select(delta => delta.Content));
    }

    [Fact]
    public void FailureOfTheWholeRequest_ComesAfterWhatWasHeld()
    {
        Add(Piece("one ", 1), Piece("two ", 2), new ResponseDelta { RequestId = 1, IsFinal = true, Content = "broken" });

        Assert.Equal(["one ", "two ", "broken"], _sent.Select(delta => delta.Content));
    }

    [Fact]
    public void SeveralSequences_AreJoinedSeparately()
    {
        Add(Piece("a1", 1), Piece("b1", 1, sequence: 2), Piece("a2", 2), Piece("b2", 2, sequence: 2), Piece("a3", 3), Piece("b3", 3, sequence: 2));
        _time.Advance(DeltaJoiner.Period);

        Assert.Equal([("a1", 1ul), ("b1", 2ul), ("a2a3", 1ul), ("b2b3", 2ul)], _sent.Select(delta => (delta.Content!, delta.SequenceId!.Value)));
    }

    [Fact]
    public void LogProbabilities_AreOfOneTokenAndNotJoined()
    {
        TokenLogprob[] top = [new("1", -0.5, [65])];
        Add(Piece("one ", 1), Piece("two ", 2) with { TopLogprobs = top }, Piece("three", 3) with { TopLogprobs = top });
        _time.Advance(DeltaJoiner.Period);

        Assert.Equal(["one ", "two ", "three"], _sent.Select(delta => delta.Content));
    }

    [Fact]
    public void Events_OfOneItemBecomeOneAndKeepTheirOrder()
    {
        static StateEvent Event(StateEventType type, string? delta = null) => new(type, OutputItemType.ToolCall, 0, "arguments", delta);
        Add(
            Piece("", 1) with { StateEvents = [Event(StateEventType.ItemStarted)] },
            Piece("{", 2) with { StateEvents = [Event(StateEventType.ContentDelta, "{")] },
            Piece("}", 3) with { StateEvents = [Event(StateEventType.ContentDelta, "}"), Event(StateEventType.ItemCompleted)] });
        _time.Advance(DeltaJoiner.Period);

        Assert.Equal([Event(StateEventType.ContentDelta, "{}"), Event(StateEventType.ItemCompleted)], _sent[1].StateEvents!);
    }

    [Fact]
    public void Disposed_SendsWhatIsHeldAndHoldsNothingMore()
    {
        Add(Piece("one ", 1), Piece("two ", 2));
        _joiner.Dispose();
        Add(Piece("three ", 3), Piece("four", 4));

        Assert.Equal(["one ", "two ", "three ", "four"], _sent.Select(delta => delta.Content));
    }

    private void Add(params ResponseDelta[] deltas) => Array.ForEach(deltas, delta => _joiner.Add(Channel, delta));

    private static ResponseDelta Piece(string text, int token, ulong sequence = 1) => new()
    {
        RequestId = 1,
        SequenceId = sequence,
        PromptIndex = 0,
        Content = text,
        FinishReason = FinishReasons.Delta,
        TokensInDelta = 1,
        GenerationLength = token,
        Tokens = [token],
        StateEvents = StateEvent.PlainSpan,
    };
}
