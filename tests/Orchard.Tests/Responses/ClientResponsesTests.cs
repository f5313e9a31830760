using Microsoft.Extensions.Time.Testing;
using Orchard.Responses;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Responses;

/// <summary>Responses as callers get them, on the scripted engine.</summary>
public sealed class ClientResponsesTests : IAsyncDisposable
{
    private const string Model = "starter";

    private static readonly GenerationOptions Options = new()
    {
        Tools =
        [
            Tool.FromJson("get_weather", null, """{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"""),
            Tool.FromJson("add", null, """{"type": "object", "properties": {"a": {"type": "integer"}}}"""),
        ],
    };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 17, 9, 30, 0, TimeSpan.Zero));
    private readonly FakeEngine _engine;

    public ClientResponsesTests() => _engine = new FakeEngine(new EngineScript().Answer("ok"), _time);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Responses_Question_IsAnsweredByACompletedResponse()
    {
        _engine.Script.Answer("Who are you?", "A scripted engine.");
        await using Client client = await ConnectAsync();
        var request = new ResponseRequest { Input = [MessageItem.User("Who are you?")], Instructions = "Be brief.", Metadata = new Dictionary<string, string> { ["turn"] = "1" } };

        Response response = await client.ResponsesAsync(Model, request).OrBroken("the response");

        Assert.Equal((ResponseStatus.Completed, "A scripted engine.", null, null), (response.Status, response.OutputText, response.IncompleteReason, response.Error));
        Assert.Equal((Model, _time.GetUtcNow(), "1"), (response.Model, response.CreatedAt, response.Request.Metadata["turn"]));
        Assert.Matches("^resp_[0-9a-f]{32}$", response.Id);
        Assert.Equal(3, response.Usage?.CompletionTokens);
        Assert.Equal(["message 'A scripted engine.' Completed"], response.Output.InShort());
        Assert.Equal([MessageRole.System, MessageRole.User], Assert.Single(_engine.Requests).Prompts[0].Messages.Select(message => message.Role));
    }

    [Fact]
    public async Task Responses_PlainQuestion_TakesOptions()
    {
        await using Client client = await ConnectAsync();

        Response response = await client.ResponsesAsync(Model, "Hi", new GenerationOptions { MaxOutputTokens = 7 }).OrBroken("the response");
        List<ResponseEvent> events = await ReadAsync(client.ResponsesStreamAsync(Model, "Hi", new GenerationOptions { MaxOutputTokens = 8 }));

        Assert.Equal(("ok", "ok"), (response.OutputText, Last(events).OutputText));
        Assert.Equal([7, 8], _engine.Requests.Select(request => request.Prompts[0].Options.MaxOutputTokens));
    }

    [Fact]
    public async Task Stream_AnyReply_FollowsTheRulesAndEndsAsTheWholeResponseAndTheChatDo()
    {
        await using Client client = await ConnectAsync();
        for (int seed = 1; seed <= 60; seed++)
        {
            string question = $"question {seed}";
            _engine.Script.Answer(question, RandomReply(new Random(seed)));

            List<ResponseEvent> events = await ReadAsync(client.ResponsesStreamAsync(Model, question, Options));
            Response whole = await client.ResponsesAsync(Model, question, Options).OrBroken("the response");
            ChatResult chat = await client.ChatAsync(Model, question, Options).OrBroken("the chat");

            Assert.True(EventRules.FindProblem(events) is null, $"Seed {seed}: {EventRules.FindProblem(events)}\n{string.Join('\n', events.InShort())}");
            Assert.Equal(whole.InShort(), Last(events).InShort());
            Assert.Equal((chat.Text, chat.Usage), (whole.OutputText, whole.Usage));
            Assert.Equal(chat.Reasoning, string.Concat(whole.Output.OfType<ReasoningItem>().Select(item => item.Text)));
            Assert.Equal(
                chat.ToolCalls.Select(call => (call.Name, call.Arguments, call.Error?.Message)),
                whole.Output.OfType<FunctionCallItem>().Select(call => (call.Name, call.Arguments, call.Error?.Message)));
        }
    }

    [Fact]
    public async Task Stream_Deltas_ComeAsTheyAreGenerated()
    {
        var gate = new EngineGate();
        _engine.Script.Answer(new FakeReply().Say("Once ").Wait(gate).Say("upon"));
        await using Client client = await ConnectAsync();
        var events = new List<ResponseEvent>();

        await foreach (ResponseEvent told in client.ResponsesStreamAsync(Model, "story"))
        {
            events.Add(told);
            if (told is OutputTextDeltaEvent { Delta: "Once " })
            {
                gate.Open();
            }
        }

        Assert.Equal(["0 text 'Once '", "0 text 'upon'"], events.InShort().Where(line => line.StartsWith("0 text '", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Responses_CallAndItsOutput_ConversationGoesOn()
    {
        _engine.Script.Answer(prompt => prompt.Text.Contains("18 degrees", StringComparison.Ordinal)
            ? FakeReply.Of("It is mild.")
            : new FakeReply().Reason("I need the weather.").Say("Let me look.").Call("get_weather", "{\"city\": \"Paris\"}"));
        await using Client client = await ConnectAsync();
        var request = new ResponseRequest { Input = [MessageItem.User("How is Paris?")], Options = Options };

        Response first = await client.ResponsesAsync(Model, request).OrBroken("the call");
        var call = Assert.IsType<FunctionCallItem>(first.Output[^1]);
        Response second = await client.ResponsesAsync(
            Model, request with { Input = [.. request.Input, .. first.Output, new FunctionCallOutputItem(call.CallId, "18 degrees")] }).OrBroken("the answer");

        Assert.Equal(["reasoning 'I need the weather.' Completed", "message 'Let me look.' Completed", "call get_weather '{\"city\": \"Paris\"}' Completed"], first.Output.InShort());
        Assert.Equal((ResponseStatus.Completed, "It is mild."), (second.Status, second.OutputText));
        Assert.Contains("Let me look.", _engine.Requests[1].Prompts[0].Text, StringComparison.Ordinal);
        Assert.Contains("get_weather", _engine.Requests[1].Prompts[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_TokenLimit_EndsIncomplete()
    {
        _engine.Script.Answer(new FakeReply().Say("Once upon").Finish(FinishReason.Length));
        await using Client client = await ConnectAsync();

        List<ResponseEvent> events = await ReadAsync(client.ResponsesStreamAsync(Model, "story"));

        Assert.Equal("response.incomplete", events[^1].Type);
        Assert.Equal((ResponseStatus.Incomplete, IncompleteReason.MaxOutputTokens, "Once upon"), (Last(events).Status, Last(events).IncompleteReason, Last(events).OutputText));
    }

    [Fact]
    public async Task Responses_AnswerEndsInsideACall_CallIsIncompleteAndSaysSo()
    {
        _engine.Script.Answer(new FakeReply().BeginCall("get_weather", "{\"city\": \"Pa").Finish(FinishReason.Length));
        await using Client client = await ConnectAsync();

        Response response = await client.ResponsesAsync(Model, "How is Paris?", Options).OrBroken("the response");

        Assert.Equal(["call get_weather '{\"city\": \"Pa' Incomplete with an error"], response.Output.InShort());
    }

    [Fact]
    public async Task EngineDiesInTheAnswer_StreamEndsFailedAndTheWholeThrows()
    {
        var gate = new EngineGate();
        _engine.Script.Answer(new FakeReply().Say("Once ").Wait(gate).CrashMidMessage());
        await using Client client = await ConnectAsync();
        var events = new List<ResponseEvent>();

        await foreach (ResponseEvent told in client.ResponsesStreamAsync(Model, "story"))
        {
            events.Add(told);
            if (told is OutputTextDeltaEvent)
            {
                gate.Open();
            }
        }

        Assert.Null(EventRules.FindProblem(events));
        Response failed = Last(events);
        Assert.Equal((ResponseStatus.Failed, "engine_died", "Once "), (failed.Status, failed.Error?.Code, failed.OutputText));
        Assert.Equal(5, Assert.IsType<EngineDiedException>(failed.Error?.Exception).ReceivedCharacters);
        await Assert.ThrowsAsync<EngineDiedException>(() => client.ResponsesAsync(Model, "story").OrBroken("the call to end"));
    }

    [Fact]
    public async Task EngineRefuses_StreamEndsFailedWithItsCodeAndTheWholeThrows()
    {
        _engine.Script.Answer(new FakeReply().Refuse("Not this.", "unsupported"));
        await using Client client = await ConnectAsync();

        List<ResponseEvent> events = await ReadAsync(client.ResponsesStreamAsync(Model, "story"));

        Assert.Equal(["response.created", "response.in_progress", "response.failed"], events.InShort());
        Assert.Equal("unsupported", Last(events).Error?.Code);
        await Assert.ThrowsAsync<RequestRejectedException>(() => client.ResponsesAsync(Model, "story").OrBroken("the refusal"));
    }

    [Fact]
    public async Task AnswerThatViolatesAFormatThatIsNotStrict_StreamEndsFailedAndTheWholeThrows()
    {
        _engine.Script.Answer("{\"codes\":[1,1]}");
        await using Client client = await ConnectAsync();
        var options = new GenerationOptions
        {
            ResponseFormat = ResponseFormat.JsonSchema("""{"type":"object","properties":{"codes":{"type":"array","uniqueItems":true}}}""", strict: false),
        };

        List<ResponseEvent> events = await ReadAsync(client.ResponsesStreamAsync(Model, "Hi", options));

        Assert.Equal((ResponseStatus.Failed, ResponseErrorCodes.SchemaViolated), (Last(events).Status, Last(events).Error?.Code));
        await Assert.ThrowsAsync<StructuredOutputException>(() => client.ResponsesAsync(Model, "Hi", options).OrBroken("the failure"));
    }

    [Fact]
    public async Task ModelThatIsNotThere_StreamEndsFailedAndTheWholeThrows()
    {
        _engine.Script.MissModels("no such model");
        await using Client client = await ConnectAsync();

        List<ResponseEvent> events = await ReadAsync(client.ResponsesStreamAsync("no such model", "Hi"));

        Assert.Equal((ResponseStatus.Failed, "model_not_found"), (Last(events).Status, Last(events).Error?.Code));
        await Assert.ThrowsAsync<ModelNotFoundException>(() => client.ResponsesAsync("no such model", "Hi").OrBroken("the refusal"));
    }

    [Fact]
    public async Task BadArguments_ThrowAtTheCallAndNothingIsSent()
    {
        await using Client client = await ConnectAsync();
        var request = new ResponseRequest { Input = [MessageItem.User("Hi")] };

        Assert.Throws<ArgumentException>("Input", () => { client.ResponsesStreamAsync(Model, request with { Input = [new FunctionCallOutputItem("call_1", (string)null!)] }); });
        Assert.Throws<ArgumentOutOfRangeException>("Temperature", () => { client.ResponsesStreamAsync(Model, request with { Options = new GenerationOptions { Temperature = -1 } }); });
        Assert.Throws<ArgumentNullException>("request", () => { client.ResponsesStreamAsync(Model, (ResponseRequest)null!); });
        Assert.Throws<ArgumentNullException>("input", () => { client.ResponsesStreamAsync(Model, (string)null!); });
        Assert.Throws<ArgumentException>("model", () => { client.ResponsesStreamAsync(" ", request); });
        await Assert.ThrowsAsync<ArgumentException>("Input", () => client.ResponsesAsync(Model, request with { Input = [] }).OrBroken("the refusal"));
        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task Cancellation_InTheAnswer_ThrowsWithTheCallersToken()
    {
        _engine.Script.Answer(new FakeReply().Say("Once ").Stall());
        await using Client client = await ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var events = new List<ResponseEvent>();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ResponseEvent told in client.ResponsesStreamAsync(Model, "story", cancellationToken: cancellation.Token))
            {
                events.Add(told);
                if (told is OutputTextDeltaEvent)
                {
                    await cancellation.CancelAsync();
                }
            }
        });

        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.IsType<OutputTextDeltaEvent>(events[^1]);
    }

    [Fact]
    public async Task Cancellation_BeforeTheCall_ThrowsInsteadOfTheFirstEvent()
    {
        await using Client client = await ConnectAsync();
        await using IAsyncEnumerator<ResponseEvent> stream = client.ResponsesStreamAsync(Model, "Hi", cancellationToken: new CancellationToken(canceled: true)).GetAsyncEnumerator();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.MoveNextAsync().AsTask().OrBroken("the end of the call"));
        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task Stream_LeftEarly_FreesItsPlaceInTheEngine()
    {
        _engine.Script.Answer(new FakeReply().Say("Once ").Stall());
        await using Client client = await ConnectAsync();

        await foreach (ResponseEvent told in client.ResponsesStreamAsync(Model, "story"))
        {
            if (told is OutputTextDeltaEvent)
            {
                break;
            }
        }

        await Assert.Single(_engine.Requests).Cancelled.OrBroken("the engine to be told");
    }

    [Fact]
    public async Task DisposedClient_Throws()
    {
        Client client = await ConnectAsync();
        await client.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => { client.ResponsesStreamAsync(Model, "Hi"); });
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ResponsesAsync(Model, "Hi").OrBroken("the refusal"));
    }

    private Task<Client> ConnectAsync() => _engine.ConnectAsync().OrBroken("the connection");

    private static Task<List<ResponseEvent>> ReadAsync(IAsyncEnumerable<ResponseEvent> stream) => stream.ToListAsync().AsTask().OrBroken("the events");

    private static Response Last(List<ResponseEvent> events) => Assert.IsAssignableFrom<ResponseSnapshotEvent>(events[^1]).Response;

    private static FakeReply RandomReply(Random random)
    {
        var reply = new FakeReply();
        int steps = random.Next(8);
        for (int i = 0; i < steps; i++)
        {
            reply = random.Next(4) switch
            {
                0 => reply.Reason($"thought {i} "),
                1 => reply.Call("add", ["{\"a\"", $": {i}", random.Next(3) == 0 ? "" : "}"]),
                2 => reply.Call("get_weather", []),
                _ => reply.Say($"text {i} "),
            };
        }

        return random.Next(4) switch
        {
            0 => reply.Finish(FinishReason.Length),
            1 => reply.BeginCall("add", "{").Finish(FinishReason.Length),
            _ => reply,
        };
    }
}
