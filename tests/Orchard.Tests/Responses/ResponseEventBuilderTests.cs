using Orchard.Calls;
using Orchard.Calls.Chat;
using Orchard.Calls.Responses;
using Orchard.Responses;

namespace Orchard.Tests.Responses;

/// <summary>Which events the pieces of an answer become.</summary>
public sealed class ResponseEventBuilderTests
{
    private static readonly Usage SomeUsage = new() { PromptTokens = 3, CompletionTokens = 5, ReasoningTokens = 1 };

    private static readonly ChatDelta Stop = End(FinishReason.Stop);

    private readonly ResponseEventBuilder _builder = new(New());

    [Fact]
    public void Text_IsOneMessageThatGrows() => Assert.Equal(
        [
            "response.created",
            "response.in_progress",
            "0 added message '' InProgress",
            "0 part added OutputText ''",
            "0 text 'Hello'",
            "0 text ' there'",
            "0 text done 'Hello there'",
            "0 part done OutputText 'Hello there'",
            "0 done message 'Hello there' Completed",
            "response.completed",
        ],
        Play(Say("Hello"), Say(" there"), Stop).InShort());

    [Fact]
    public void ReasoningThenText_ThoughtIsDoneBeforeTheMessageBegins() => Assert.Equal(
        [
            "response.created",
            "response.in_progress",
            "0 added reasoning '' InProgress",
            "0 part added ReasoningText ''",
            "0 thought 'Hm'",
            "0 thought done 'Hm'",
            "0 part done ReasoningText 'Hm'",
            "0 done reasoning 'Hm' Completed",
            "1 added message '' InProgress",
            "1 part added OutputText ''",
            "1 text 'Yes.'",
            "1 text done 'Yes.'",
            "1 part done OutputText 'Yes.'",
            "1 done message 'Yes.' Completed",
            "response.completed",
        ],
        Play(Think("Hm"), Say("Yes."), Stop).InShort());

    [Fact]
    public void OneCall_IsAnItemWithoutParts() => Assert.Equal(
        [
            "response.created",
            "response.in_progress",
            "0 added call add '' InProgress",
            "0 arguments '{\"a\"'",
            "0 arguments ': 1}'",
            "0 arguments done '{\"a\": 1}'",
            "0 done call add '{\"a\": 1}' Completed",
            "response.completed",
        ],
        Play(Call(0, "{\"a\""), Call(0, ": 1}", "{\"a\": 1}"), End(FinishReason.ToolCalls)).InShort());

    [Fact]
    public void TwoCallsOneAfterTheOther_EachIsDoneWhenItIsWhole() => Assert.Equal(
        [
            "response.created",
            "response.in_progress",
            "0 added call add '' InProgress",
            "0 arguments '{}'",
            "0 arguments done '{}'",
            "0 done call add '{}' Completed",
            "1 added call add '' InProgress",
            "1 arguments '[]'",
            "1 arguments done '[]'",
            "1 done call add '[]' Completed",
            "response.completed",
        ],
        Play(Call(0, "{}", "{}"), Call(1, "[]", "[]"), End(FinishReason.ToolCalls)).InShort());

    [Fact]
    public void TwoCallsAtOnce_GrowSideBySide() => Assert.Equal(
        [
            "response.created",
            "response.in_progress",
            "0 added call add '' InProgress",
            "0 arguments '{'",
            "1 added call add '' InProgress",
            "1 arguments '['",
            "0 arguments '}'",
            "0 arguments done '{}'",
            "0 done call add '{}' Completed",
            "1 arguments ']'",
            "1 arguments done '[]'",
            "1 done call add '[]' Completed",
            "response.completed",
        ],
        Play(Call(0, "{"), Call(1, "["), Call(0, "}", "{}"), Call(1, "]", "[]"), End(FinishReason.ToolCalls)).InShort());

    [Fact]
    public void EndOfACallInAPieceWithText_BelongsBeforeTheText() => Assert.Equal(
        [
            "0 arguments '}'",
            "0 arguments done '{}'",
            "0 done call add '{}' Completed",
            "1 added message '' InProgress",
            "1 part added OutputText ''",
            "1 text 'Done.'",
        ],
        Play(Call(0, "{"), Call(0, "}", "{}", text: "Done."), Stop).InShort()[4..10]);

    [Fact]
    public void PieceWithEverything_IsThoughtThenTextThenCall() => Assert.Equal(
        ["reasoning 'a' Completed", "message 'b' Completed", "call add '{}' Completed"],
        Last(Play(Call(0, "{}", "{}", text: "b", reasoning: "a"), End(FinishReason.ToolCalls))).Output.InShort());

    [Fact]
    public void TextAgainAfterACall_IsAMessageOfItsOwn()
    {
        Response response = Last(Play(Say("a"), Call(0, "{}", "{}"), Say("b"), End(FinishReason.ToolCalls)));

        Assert.Equal(["message 'a' Completed", "call add '{}' Completed", "message 'b' Completed"], response.Output.InShort());
        Assert.Equal("ab", response.OutputText);
    }

    [Theory]
    [InlineData(FinishReason.Length, IncompleteReason.MaxOutputTokens)]
    [InlineData(FinishReason.ContentFilter, IncompleteReason.ContentFilter)]
    [InlineData(FinishReason.Unknown, IncompleteReason.Unknown)]
    public void CutShort_OpenItemIsIncompleteAndSoIsTheResponse(FinishReason reason, IncompleteReason expected)
    {
        List<ResponseEvent> events = Play(Think("Hm"), Say("Once upon"), End(reason));

        Assert.Equal(["1 text done 'Once upon'", "1 part done OutputText 'Once upon'", "1 done message 'Once upon' Incomplete", "response.incomplete"], events.InShort()[^4..]);
        Assert.Equal((ResponseStatus.Incomplete, expected, null, SomeUsage), (Last(events).Status, Last(events).IncompleteReason, Last(events).Error, Last(events).Usage));
        Assert.Equal(["reasoning 'Hm' Completed", "message 'Once upon' Incomplete"], Last(events).Output.InShort());
    }

    [Fact]
    public void CutShortInACall_CallIsIncompleteAndOneThatWasWholeIsNot()
    {
        ChatDelta cut = End(
            FinishReason.Length,
            Piece(0, "", new ToolCall("id0", "add", "{}")),
            Piece(1, "", new ToolCall("id1", "add", "{") { IsCutShort = true, Error = new ToolCallException("cut", "add", "{") }));

        Response response = Last(Play(Call(0, "{}"), Call(1, "{"), cut));

        Assert.Equal(["call add '{}' Completed", "call add '{' Incomplete with an error"], response.Output.InShort());
    }

    [Fact]
    public void CallThatDoesNotFitItsTool_IsWholeAndHasTheError()
    {
        var error = new ToolCallException("no such tool", "add", "{}");
        ChatDelta call = new() { Text = "", ToolCalls = [Piece(0, "{}", new ToolCall("id0", "add", "{}") { Error = error })] };

        var item = Assert.IsType<FunctionCallItem>(Assert.Single(Last(Play(call, End(FinishReason.ToolCalls))).Output));

        Assert.Equal((ResponseItemStatus.Completed, error, "id0"), (item.Status, item.Error, item.CallId));
        ToolCall same = item.ToToolCall();
        Assert.Equal(("id0", "add", "{}", error), (same.Id, same.Name, same.Arguments, same.Error));
    }

    [Fact]
    public void NothingSaid_IsAnEmptyMessage()
    {
        List<ResponseEvent> events = Play(Stop);

        Assert.Equal(["0 added message '' InProgress", "0 part added OutputText ''", "0 text done ''", "0 part done OutputText ''", "0 done message '' Completed"], events.InShort()[2..^1]);
    }

    [Fact]
    public void NothingSaidBeforeTheLimit_IsNoMessage() =>
        Assert.Equal(["reasoning 'Hm' Incomplete"], Last(Play(Think("Hm"), End(FinishReason.Length))).Output.InShort());

    [Fact]
    public void Failure_ItemsAreDoneIncompleteAndTheSnapshotSaysWhy()
    {
        var error = new EngineDiedException("It died.", processId: 1, exitCode: null);
        _builder.Begin();
        _builder.Add(Call(0, "{"));
        _builder.Add(Say("So"));

        IReadOnlyList<ResponseEvent> events = _builder.Fail(error);

        Assert.Equal(
            [
                "1 text done 'So'",
                "1 part done OutputText 'So'",
                "1 done message 'So' Incomplete",
                "0 arguments done '{'",
                "0 done call add '{' Incomplete with an error",
                "response.failed",
            ],
            events.InShort());
        Response failed = Last(events);
        Assert.Equal((ResponseStatus.Failed, "engine_died", "It died.", error, null), (failed.Status, failed.Error?.Code, failed.Error?.Message, failed.Error?.Exception, failed.Usage));
        Assert.Equal(["call add '{' Incomplete with an error", "message 'So' Incomplete"], failed.Output.InShort());
        Assert.True(_builder.HasEnded);
    }

    [Fact]
    public void AnswerWithoutAnEnd_IsNotTakenForOne()
    {
        _builder.Begin();
        _builder.Add(Say("So"));

        Assert.Throws<ProtocolException>(() => _builder.End());
        Assert.False(_builder.HasEnded);
        Assert.Equal("response.failed", _builder.Fail(new ProtocolException("No end.")).InShort()[^1]);
    }

    [Fact]
    public void PieceThatFailed_ThrowsItsError()
    {
        var error = new ProtocolException("Lost.");
        _builder.Begin();

        Assert.Same(error, Assert.Throws<ProtocolException>(() => _builder.Add(new ChatDelta { Text = "", FinishReason = FinishReason.Error, Usage = SomeUsage, Error = error })));
    }

    [Fact]
    public void Snapshots_ShowTheResponseAtTheirMoment()
    {
        List<ResponseEvent> events = Play(Say("Hello"), Stop);
        ResponseSnapshotEvent[] snapshots = [.. events.OfType<ResponseSnapshotEvent>()];

        Assert.Equal([ResponseStatus.InProgress, ResponseStatus.InProgress, ResponseStatus.Completed], snapshots.Select(told => told.Response.Status));
        Assert.Equal([0, 0, 1], snapshots.Select(told => told.Response.Output.Count));
        Assert.Equal([null, null, SomeUsage], snapshots.Select(told => told.Response.Usage));
        Assert.All(snapshots, told => Assert.Equal("resp_ab12", told.Response.Id));
        Assert.Equal("msg_ab12_0", Assert.Single(snapshots[^1].Response.Output).Id);
    }

    [Fact]
    public void Tokens_GoWithTheTextTheyMakeUp()
    {
        ChatDelta first = Say("Hé", 1, 2);
        ChatDelta halfACharacter = Say("", 3);

        List<ResponseEvent> events = Play(new ChatDelta { Text = "", Reasoning = "x", Logprobs = [Token(9)] }, first, halfACharacter, Say("🦔", 4), halfACharacter, Stop);

        Assert.Equal([[1, 2], [3, 4]], events.OfType<OutputTextDeltaEvent>().Select(told => told.Logprobs.Select(token => token.Id)));
        Assert.Equal([1, 2, 3, 4, 3], Assert.Single(events.OfType<OutputTextDoneEvent>()).Logprobs.Select(token => token.Id));
        Assert.Equal([1, 2, 3, 4, 3], Assert.IsType<MessageItem>(Last(events).Output[^1]).Logprobs.Select(token => token.Id));
    }

    [Fact]
    public void AnyPieces_FollowTheRulesOfTheEvents()
    {
        for (int seed = 1; seed <= 2000; seed++)
        {
            RandomAnswer answer = new(new Random(seed));
            var builder = new ResponseEventBuilder(New());
            List<ResponseEvent> events = [.. builder.Begin()];
            var collector = new AnswerCollector([new GenerationOptions()]);
            foreach (ChatDelta delta in answer.Deltas)
            {
                events.AddRange(builder.Add(delta));
                collector.Add(delta);
            }

            events.AddRange(answer.Fails ? builder.Fail(new ProtocolException("Broken.")) : builder.End());

            string? problem = EventRules.FindProblem(events) ?? FindDifference(answer, Last(events), answer.Fails ? null : collector.ToResults()[0]);
            Assert.True(problem is null, $"Seed {seed}: {problem}\n{string.Join('\n', events.InShort())}");
        }
    }

    // Whatever items the answer is spread over, nothing of it is lost, doubled or made up.
    private static string? FindDifference(RandomAnswer answer, Response response, ChatResult? whole)
    {
        string text = string.Concat(answer.Deltas.Select(delta => delta.Text));
        string reasoning = string.Concat(answer.Deltas.Select(delta => delta.Reasoning));
        string calls = string.Join(", ", answer.Deltas.SelectMany(delta => delta.ToolCalls).GroupBy(piece => piece.Id).Select(pieces => $"{pieces.Key} {string.Concat(pieces.Select(piece => piece.Arguments))}"));
        string itemReasoning = string.Concat(response.Output.OfType<ReasoningItem>().Select(item => item.Text));
        string itemCalls = string.Join(", ", response.Output.OfType<FunctionCallItem>().Select(item => $"{item.CallId} {item.Arguments}"));
        return (text, reasoning, calls) != (response.OutputText, itemReasoning, itemCalls) ? "the output is not what the pieces say"
            : whole is null ? (response.Status == ResponseStatus.Failed ? null : "it has not failed")
            : whole.Text != response.OutputText || whole.Reasoning != itemReasoning || whole.ToolCalls.Count != response.Output.OfType<FunctionCallItem>().Count() ? "a chat says something else"
            : (whole.FinishReason == FinishReason.Length) != (response.Status == ResponseStatus.Incomplete) ? $"it is {response.Status}"
            : null;
    }

    private List<ResponseEvent> Play(params ChatDelta[] deltas) => [.. _builder.Begin(), .. deltas.SelectMany(delta => _builder.Add(delta)), .. _builder.End()];

    private static Response Last(IReadOnlyList<ResponseEvent> events) => Assert.IsAssignableFrom<ResponseSnapshotEvent>(events[^1]).Response;

    private static Response New() => new()
    {
        Id = "resp_ab12",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Model = "starter",
        Request = new ResponseRequest { Input = [MessageItem.User("Go")] },
    };

    private static ChatDelta Say(string text, params int[] tokens) => new() { Text = text, Logprobs = [.. tokens.Select(Token)] };

    private static ChatDelta Think(string text) => new() { Text = "", Reasoning = text };

    private static ChatDelta Call(int index, string piece, string? whole = null, string text = "", string reasoning = "") => new()
    {
        Text = text,
        Reasoning = reasoning,
        ToolCalls = [Piece(index, piece, whole is null ? null : new ToolCall($"id{index}", "add", whole))],
    };

    private static ToolCallDelta Piece(int index, string arguments, ToolCall? whole) =>
        new() { Index = index, Id = $"id{index}", Name = "add", Arguments = arguments, Call = whole };

    private static ChatDelta End(FinishReason reason, params ToolCallDelta[] calls) =>
        new() { Text = "", ToolCalls = calls, FinishReason = reason, Usage = SomeUsage };

    private static TokenLogprob Token(int id) => new() { Id = id, Text = "", Bytes = default, Logprob = 0 };
}
