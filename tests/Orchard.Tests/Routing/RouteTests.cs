using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchard.Models.Sources;
using Orchard.Routing;
using Orchard.TestSupport;

namespace Orchard.Tests.Routing;

/// <summary>Which model of a route a call goes to.</summary>
public sealed class RouteTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedSide _local = new("local") { Capacity = 2, IsReady = true };
    private readonly ScriptedSide _last = new("local again") { Capacity = 2, IsReady = true };
    private readonly ScriptedSide _remote = new("remote") { IsReady = true };

    public static TheoryData<Exception> FailuresOfAModel =>
    [
        new EngineDiedException("died", 1, 139),
        new EngineNotFoundException("no engine"),
        new EngineStartException("no start"),
        new ModelNotFoundException("m", "no file", []),
        new ModelMemoryException("m", "no memory"),
        new ModelLoadException("m", "no model"),
        new RequestRejectedException("full", RequestErrorCodes.Overloaded),
        new RequestStalledException("stalled", "it", RequestState.Sent, null),
        new NotSupportedException("no such option"),
    ];

    public async ValueTask DisposeAsync()
    {
        await _local.DisposeAsync();
        await _last.DisposeAsync();
        await _remote.DisposeAsync();
    }

    [Fact]
    public async Task LocalModelHasRoom_AnswersAndSaysWhy()
    {
        ChatResult answer = await AskAsync(Route(), "q");

        Assert.Equal("local:q", answer.Text);
        Assert.Null(answer.Origin!.Source);
        Assert.Equal("local", answer.Origin.Model);
        AssertDecision(answer, isRemote: false, RouteReason.LocalFirst);
        Assert.Equal(TimeSpan.Zero, answer.Origin.Route!.ExpectedQueueTime);
        Assert.Empty(_remote.Calls);
    }

    [Fact]
    public async Task LocalQueueIsTooLong_NextCallsGoToTheRemoteModel()
    {
        var gate = Gate();
        _local.BeforeLast = _ => gate.Task;
        RouteProvider route = Route(maxQueueTime: TimeSpan.FromSeconds(1));

        // Two run at once. The first in the queue waits for half of 128 tokens of 30 ms.
        Task<ChatResult>[] local = [.. Enumerable.Range(0, 2).Select(i => AskAsync(route, $"q{i}"))];
        Task<ChatResult>[] others = [.. Enumerable.Range(2, 6).Select(i => AskAsync(route, $"q{i}"))];
        ChatResult[] answers = await Task.WhenAll(others).OrBroken("the remote answers");
        gate.SetResult();
        ChatResult[] first = await Task.WhenAll(local).OrBroken("the local answers");

        Assert.All(answers, answer => AssertDecision(answer, isRemote: true, RouteReason.QueueTime));
        Assert.All(answers, answer => Assert.True(answer.Origin!.Route!.ExpectedQueueTime > TimeSpan.FromSeconds(1)));
        Assert.All(first, answer => AssertDecision(answer, isRemote: false, RouteReason.LocalFirst));
        AssertDecision(await AskAsync(route, "later"), isRemote: false, RouteReason.LocalFirst);
    }

    [Fact]
    public async Task LocalQueueIsTooLong_NotLoadableOnly_WaitsThere()
    {
        var gate = Gate();
        _local.BeforeLast = _ => gate.Task;
        RouteProvider route = Route(RouteCondition.NotLoadable);

        Task<ChatResult>[] answers = [.. Enumerable.Range(0, 20).Select(i => AskAsync(route, $"q{i}"))];
        gate.SetResult();

        Assert.All(await Task.WhenAll(answers).OrBroken("it"), answer => AssertDecision(answer, isRemote: false, RouteReason.LocalFirst));
    }

    [Fact]
    public async Task LocalModelIsBeingLoaded_AThousandCalls_OneLoadAndNoWaitBeyondTheLimit()
    {
        var gate = Gate();
        _local.IsReady = false;
        _local.Load = _ => gate.Task;
        RouteProvider route = Route();

        Task<ChatResult>[] calls = [.. Enumerable.Range(0, 1000).Select(i => AskAsync(route, $"q{i}"))];
        Assert.All(calls, static call => Assert.False(call.IsCompleted));
        _time.Advance(TimeSpan.FromSeconds(2));
        ChatResult[] answers = await Task.WhenAll(calls).OrBroken("the answers");
        ChatResult late = await AskAsync(route, "late"); // has nothing to wait for
        Assert.Equal(1, _local.Loads);
        gate.SetResult();
        await route.EnsureLoadedAsync("r", default).OrBroken("the end of the load");
        ChatResult after = await AskAsync(route, "after");

        Assert.All(answers.Append(late), answer => AssertDecision(answer, isRemote: true, RouteReason.QueueTime));
        AssertDecision(after, isRemote: false, RouteReason.LocalFirst);
        Assert.Equal(1, _local.Loads);
    }

    [Fact]
    public async Task LocalModelIsLoadedInTime_CallsThatWaitedAreAnsweredThere()
    {
        var gate = Gate();
        _local.IsReady = false;
        _local.Load = _ => gate.Task;
        RouteProvider route = Route();

        Task<ChatResult> call = AskAsync(route, "q");
        _time.Advance(TimeSpan.FromSeconds(1.9));
        gate.SetResult();

        AssertDecision(await call.OrBroken("the answer"), isRemote: false, RouteReason.LocalFirst);
    }

    [Fact]
    public async Task LocalModelCannotBeLoaded_GoesToTheRemoteModelUntilItCan()
    {
        var error = new ModelMemoryException("local", "There is not enough memory.");
        _local.IsReady = false;
        _local.Load = _ => Task.FromException(error);
        RouteProvider route = Route(RouteCondition.NotLoadable);

        ChatResult first = await AskAsync(route, "q");
        AssertDecision(first, isRemote: true, RouteReason.LocalUnavailable);
        Assert.Same(error, first.Origin!.Route!.Error);
        for (int i = 0; i < 10; i++)
        {
            AssertDecision(await AskAsync(route, $"q{i}"), isRemote: true, RouteReason.LocalUnavailable);
        }

        Assert.Equal(1, _local.Loads); // not again for a while
        _local.Load = static _ => Task.CompletedTask;
        _time.Advance(TimeSpan.FromSeconds(1.1));
        AssertDecision(await AskAsync(route, "trial"), isRemote: true, RouteReason.LocalUnavailable); // loads in the background
        await route.EnsureLoadedAsync("r", default).OrBroken("the end of the load");
        AssertDecision(await AskAsync(route, "after"), isRemote: false, RouteReason.LocalFirst);
        Assert.Equal(2, _local.Loads);
    }

    [Fact]
    public async Task Cancelled_WhileTheLocalModelIsLoaded_EndsThatCallAlone()
    {
        var gate = Gate();
        _local.IsReady = false;
        _local.Load = _ => gate.Task;
        RouteProvider route = Route();
        using var leaving = new CancellationTokenSource();

        Task<ChatResult> left = AskAsync(route, "left", leaving.Token);
        Task<ChatResult> stays = AskAsync(route, "stays");
        await leaving.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.OrBroken("the cancelled call"));
        Assert.Equal(leaving.Token, error.CancellationToken);
        gate.SetResult();
        AssertDecision(await stays.OrBroken("the other call"), isRemote: false, RouteReason.LocalFirst);
        Assert.Equal((1, 0), (_local.Loads, _remote.Chats));
    }

    [Theory]
    [MemberData(nameof(FailuresOfAModel))]
    public async Task LocalModelFails_BeforeTheFirstPart_TheRemoteModelAnswers(Exception failure)
    {
        _local.BeforeFirst = _ => Task.FromException(failure);

        ChatResult answer = await AskAsync(Route(), "q");

        Assert.Equal("remote:q", answer.Text);
        AssertDecision(answer, isRemote: true, RouteReason.LocalUnavailable);
        Assert.Same(failure, answer.Origin!.Route!.Error);
    }

    [Theory]
    [MemberData(nameof(FailuresOfAModel))]
    public async Task RemoteModelFails_BeforeTheFirstPart_TheLocalModelAnswers(Exception failure)
    {
        _remote.BeforeFirst = _ => Task.FromException(failure);

        ChatResult answer = await AskAsync(Route(RouteCondition.Always), "q");

        Assert.Equal("local again:q", answer.Text);
        AssertDecision(answer, isRemote: false, RouteReason.RemoteUnavailable);
        Assert.Same(failure, answer.Origin!.Route!.Error);
    }

    [Fact]
    public async Task ModelFails_AfterTheFirstPart_NothingMoves()
    {
        var died = new EngineDiedException("died", 1, 139);
        _local.BeforeLast = _ => Task.FromException(died);

        Assert.Same(died, await Assert.ThrowsAsync<EngineDiedException>(() => AskAsync(Route(), "q")));
        Assert.Empty(_remote.Calls);
        Assert.Empty(_last.Calls);
    }

    [Fact]
    public async Task ModelFails_BeforeACompleteAnswerIsReturned_TheOtherModelAnswers()
    {
        var lost = new RemoteConnectionException("reset", new Uri("http://remote"), receivedCharacters: 3);
        _remote.BeforeLast = _ => Task.FromException(lost);
        RouteProvider route = Route(RouteCondition.Always);

        ChatResult answer = await AskAsync(route, [Message.User("q")], isStream: false);

        Assert.Equal("local again:q", answer.Text);
        Assert.Same(lost, answer.Origin!.Route!.Error);
        _remote.BeforeLast = static _ => Task.CompletedTask;
        AssertDecision(await AskAsync(route, "after"), isRemote: true, RouteReason.Always); // it had begun to answer, so it works
    }

    [Fact]
    public async Task CallIsWrong_NothingMoves()
    {
        _local.BeforeFirst = _ => Task.FromException(new ContextLengthExceededException("too long", 10, 5));

        await Assert.ThrowsAsync<ContextLengthExceededException>(() => AskAsync(Route(), "q"));
        Assert.Empty(_remote.Calls);
    }

    [Fact]
    public async Task BothModelsFail_OneErrorNamesBothCauses()
    {
        _local.BeforeFirst = _ => Task.FromException(new ModelLoadException("local", "The file is no model."));
        _remote.BeforeFirst = _ => Task.FromException(new RequestRejectedException("The server is full.", RequestErrorCodes.Overloaded));

        var error = await Assert.ThrowsAsync<ModelRouteException>(() => AskAsync(Route(), "q"));

        Assert.Equal("r", error.Route);
        Assert.IsType<ModelLoadException>(error.LocalError);
        Assert.IsType<RequestRejectedException>(error.RemoteError);
        Assert.Equal([error.LocalError, error.RemoteError], Assert.IsType<AggregateException>(error.InnerException).InnerExceptions);
        Assert.Contains("The file is no model.", error.Message, StringComparison.Ordinal);
        Assert.Contains("The server is full.", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1, 0), (_local.Chats, _remote.Chats, _last.Chats));
    }

    [Fact]
    public async Task LoadAndRemoteModelFail_TheLoadIsNotRepeated()
    {
        _local.IsReady = false;
        _local.Load = _ => Task.FromException(new ModelMemoryException("local", "There is not enough memory."));
        _remote.BeforeFirst = _ => Task.FromException(new RequestRejectedException("full", RequestErrorCodes.Overloaded));

        var error = await Assert.ThrowsAsync<ModelRouteException>(() => AskAsync(Route(), "q"));

        Assert.IsType<ModelMemoryException>(error.LocalError);
        Assert.Equal((1, 1), (_local.Loads, _remote.Chats));
    }

    [Fact]
    public async Task EngineDiesAndRemoteModelFails_TheNextEngineAnswers()
    {
        _local.BeforeFirst = _ => Task.FromException(new EngineDiedException("died", 1, 139));
        _remote.BeforeFirst = _ => Task.FromException(new RemoteConnectionException("refused", new Uri("http://remote")));

        ChatResult answer = await AskAsync(Route(), "q");

        Assert.Equal("local again:q", answer.Text);
        AssertDecision(answer, isRemote: false, RouteReason.RemoteUnavailable);
    }

    [Fact]
    public async Task NoRepetitionAllowed_SentCallsDoNotMove()
    {
        var died = new EngineDiedException("died", 1, 139);
        _local.BeforeFirst = _ => Task.FromException(died);
        RouteProvider route = Route(replays: false);

        Assert.Same(died, await Assert.ThrowsAsync<EngineDiedException>(() => AskAsync(route, "q")));
        Assert.Empty(_remote.Calls);
        _time.Advance(TimeSpan.FromMinutes(1));
        _local.IsReady = false;
        _local.Load = _ => Task.FromException(new EngineNotFoundException("no engine")); // before anything is sent
        AssertDecision(await AskAsync(route, "r"), isRemote: true, RouteReason.LocalUnavailable);
    }

    [Fact]
    public async Task RemoteModelFails_IsLeftOutForAWhileAndTriedByOneCall()
    {
        _remote.BeforeFirst = _ => Task.FromException(new RemoteConnectionException("refused", new Uri("http://remote")));
        RouteProvider route = Route(RouteCondition.Always);
        for (int i = 0; i < 10; i++)
        {
            AssertDecision(await AskAsync(route, $"q{i}"), isRemote: false, RouteReason.RemoteUnavailable);
        }

        Assert.Equal(1, _remote.Chats);
        var gate = Gate();
        _remote.BeforeFirst = _ => gate.Task;
        _time.Advance(TimeSpan.FromSeconds(1.1));
        Task<ChatResult> trial = AskAsync(route, "trial");
        AssertDecision(await AskAsync(route, "other"), isRemote: false, RouteReason.RemoteUnavailable);
        gate.SetResult();
        AssertDecision(await trial.OrBroken("the trial"), isRemote: true, RouteReason.Always);
        AssertDecision(await AskAsync(route, "after"), isRemote: true, RouteReason.Always);
        Assert.Equal(3, _remote.Chats);
    }

    [Fact]
    public async Task Conversation_RemoteModelHasAnsweredIt_StaysThereAlthoughTheLocalOneHasRoom()
    {
        var gate = Gate();
        _local.BeforeLast = question => question == "busy" ? gate.Task : Task.CompletedTask;
        RouteProvider route = Route(maxQueueTime: TimeSpan.Zero);
        Task<ChatResult>[] busy = [AskAsync(route, "busy"), AskAsync(route, "busy")];
        Message[] first = [Message.User("one")];
        AssertDecision(await AskAsync(route, first), isRemote: true, RouteReason.QueueTime);
        gate.SetResult();
        await Task.WhenAll(busy).OrBroken("the busy calls");

        AssertDecision(await AskAsync(route, [.. first, Message.Assistant("x"), Message.User("two")]), isRemote: true, RouteReason.Conversation);
        AssertDecision(await AskAsync(route, first), isRemote: false, RouteReason.LocalFirst); // a new conversation, which begins alike
        AssertDecision(await AskAsync(route, [Message.User("other")]), isRemote: false, RouteReason.LocalFirst);
    }

    [Fact]
    public async Task Conversation_LocalModelHasAnsweredIt_MayWaitTwiceAsLong()
    {
        RouteProvider route = Route(maxQueueTime: TimeSpan.FromSeconds(3));
        Message[] first = [Message.User("one")];
        _local.BeforeLast = _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(9)); // 10 tokens, so that the first in the queue of two sequences waits for 5 s
            return Task.CompletedTask;
        };
        await AskAsync(route, first);
        var gate = Gate();
        _local.BeforeLast = _ => gate.Task;
        Task<ChatResult>[] busy = [AskAsync(route, "a"), AskAsync(route, "b")];

        AssertDecision(await AskAsync(route, [Message.User("new")]), isRemote: true, RouteReason.QueueTime);
        Task<ChatResult> continued = AskAsync(route, [.. first, Message.Assistant("x"), Message.User("two")]);
        gate.SetResult();

        AssertDecision(await continued.OrBroken("it"), isRemote: false, RouteReason.LocalFirst);
        await Task.WhenAll(busy).OrBroken("the busy calls");
    }

    [Fact]
    public async Task Batch_EachConversationGoesItsOwnWay()
    {
        var gate = Gate();
        _local.BeforeLast = _ => gate.Task;
        _remote.BeforeFirst = question => question == "q9" ? Task.FromException(new ContextLengthExceededException("long", 9, 8)) : Task.CompletedTask;
        RouteProvider route = Route(maxQueueTime: TimeSpan.Zero);
        ChatPrompt[] prompts = [.. Enumerable.Range(0, 10).Select(i => new ChatPrompt([Message.User($"q{i}")], new GenerationOptions()))];
        var last = new ChatDelta?[10];
        var texts = new string[10];

        await foreach (ChatDelta delta in route.ChatAsync("r", new SourceRequest(prompts, KeepsFailures: true, IsStream: false), default))
        {
            texts[delta.PromptIndex] += delta.Text;
            last[delta.PromptIndex] = delta.FinishReason is null ? last[delta.PromptIndex] : delta;
            if (last.Count(static each => each is not null) == 8)
            {
                gate.TrySetResult();
            }
        }

        Assert.Equal(2, texts.Count(static text => text.StartsWith("local:", StringComparison.Ordinal)));
        Assert.All(texts.Take(9).Select(static (text, i) => (text, i)), static each => Assert.EndsWith($":q{each.i}", each.text, StringComparison.Ordinal));
        Assert.IsType<ContextLengthExceededException>(last[9]!.Error);
        Assert.All(last.Take(9), static delta => Assert.Equal("r", delta!.Origin!.Route!.Name));
    }

    [Fact]
    public async Task Embeddings_LocalModelFails_TheRemoteModelEmbeds()
    {
        _local.BeforeFirst = _ => Task.FromException(new EngineDiedException("died", 1, 139));

        Assert.Equal(2, (await Route().EmbedAsync("r", ["a", "b"], EmbeddingOptions.Default, default).OrBroken("it")).Length);
        Assert.Equal(["embed"], _remote.Calls);
    }

    [Fact]
    public async Task Dispose_WhileTheLocalModelIsLoaded_EndsTheLoad()
    {
        _local.IsReady = false;
        _local.Load = static cancelled => Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
        RouteProvider route = Route();
        Task<ChatResult> call = AskAsync(route, "q");

        await route.DisposeAsync().AsTask().OrBroken("the disposal");

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.OrBroken("the call"));
    }

    private static TaskCompletionSource Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void AssertDecision(ChatResult answer, bool isRemote, RouteReason reason)
    {
        RouteDecision decision = answer.Origin!.Route!;
        Assert.Equal(("r", isRemote, reason), (decision.Name, decision.IsRemote, decision.Reason));
    }

    private RouteProvider Route(
        RouteCondition when = RouteCondition.QueueTime, TimeSpan? maxQueueTime = null, bool replays = true) => new(
        "r",
        new ModelRoute { Local = "l", Remote = "s/m", When = when, MaxQueueTime = maxQueueTime ?? TimeSpan.FromSeconds(2) },
        new RouteSide(isRemote: false, "l", _local, _time) { LastProvider = _last },
        new RouteSide(isRemote: true, "m", _remote, _time),
        static () => null,
        new SourceContext(NullLogger.Instance, _time, null, replays));

    private static Task<ChatResult> AskAsync(RouteProvider route, string question, CancellationToken cancellationToken = default) =>
        AskAsync(route, [Message.User(question)], isStream: true, cancellationToken);

    private static async Task<ChatResult> AskAsync(
        RouteProvider route, Message[] messages, bool isStream = true, CancellationToken cancellationToken = default)
    {
        var answers = new Orchard.Calls.Chat.AnswerCollector([new GenerationOptions()]);
        var request = new SourceRequest([new ChatPrompt(messages, new GenerationOptions())], KeepsFailures: false, isStream);
        await foreach (ChatDelta delta in route.ChatAsync("r", request, cancellationToken))
        {
            answers.Add(delta);
        }

        return answers.ToResults()[0];
    }
}
