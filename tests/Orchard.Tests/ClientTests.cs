using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>Calls that go as they should, on the scripted engine.</summary>
public sealed class ClientTests : IAsyncDisposable
{
    private const string Model = "starter";

    private readonly FakeEngine _engine = new(new EngineScript().Answer("ok"));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Chat_Question_AnswerWithUsageAndFinishReason()
    {
        _engine.Script.Answer("What is the capital of France?", "Paris of course");
        await using Client client = await ConnectAsync();

        ChatResult answer = await client.ChatAsync(Model, "What is the capital of France?").OrBroken("the answer");

        Assert.Equal("Paris of course", answer.Text);
        Assert.Equal(FinishReason.Stop, answer.FinishReason);
        Assert.Equal(3, answer.Usage.CompletionTokens);
        Assert.True(answer.Usage.PromptTokens > 0);
    }

    [Fact]
    public async Task Chat_ConversationAndOptions_ReachTheEngineAsGiven()
    {
        await using Client client = await ConnectAsync();
        Message[] conversation = [Message.System("Be brief."), Message.User("I am Lena."), Message.Assistant("Hello\nLena."), Message.User("Who am I?")];
        var options = new GenerationOptions
        {
            MaxOutputTokens = 7,
            Temperature = 0.5,
            TopP = 0.9,
            TopK = 40,
            MinP = 0.1,
            TypicalP = 0.8,
            RepetitionPenalty = 1.1,
            FrequencyPenalty = -0.5,
            PresencePenalty = 0.25,
            PenaltyWindow = 99,
            LogitBias = new Dictionary<int, double> { [3] = -1.5 },
            Mirostat = new MirostatOptions { Tau = 4, Eta = 0.2 },
            Dry = new DryOptions { Multiplier = 1, Base = 2, AllowedLength = 3, Window = 44, SequenceBreakers = [";"] },
            Xtc = new XtcOptions { Probability = 0.25, Threshold = 0.2 },
            Seed = 42,
            StopSequences = ["END"],
            IgnoreEndOfSequence = true,
            CandidateCount = 2,
            BestOf = 3,
            IncludeLogprobs = true,
            TopLogprobs = 5,
            IsDeterministic = true,
            UsePrefixCache = false,
        };

        await client.ChatAsync(Model, conversation, options).OrBroken("the answer");

        FakePrompt prompt = Assert.Single(Assert.Single(_engine.Requests).Prompts);
        Assert.Equal(conversation.Select(message => (message.Role, message.Text)), prompt.Messages.Select(message => (message.Role, message.Text)));
        Assert.Equal("Who am I?", prompt.Question);
        Assert.Equal(["END"], prompt.Options.StopSequences);
        Assert.Equal(options.LogitBias, prompt.Options.LogitBias);
        Assert.Equal([";"], prompt.Options.Dry!.SequenceBreakers);
        Assert.Equivalent(
            options with
            {
                StopSequences = prompt.Options.StopSequences,
                LoraAdapters = prompt.Options.LoraAdapters,
                TemplateVariables = prompt.Options.TemplateVariables,
                LogitBias = prompt.Options.LogitBias,
                Tools = prompt.Options.Tools,
                Dry = options.Dry with { SequenceBreakers = prompt.Options.Dry.SequenceBreakers },
            },
            prompt.Options,
            strict: true);
    }

    [Fact]
    public async Task ChatBatch_OptionsOfEachPrompt_ReachTheEngineInOneRequest()
    {
        await using Client client = await ConnectAsync();

        IReadOnlyList<ChatResult> answers = await client.ChatBatchAsync(
            Model,
            [
                new ChatPrompt([Message.User("one")], new GenerationOptions { MaxOutputTokens = 3, Temperature = 0.5 }),
                new ChatPrompt([Message.User("two")]),
                new ChatPrompt([Message.User("three")], new GenerationOptions { CandidateCount = 2, StopSequences = ["END"] }),
            ]).OrBroken("the answers");

        IReadOnlyList<FakePrompt> prompts = Assert.Single(_engine.Requests).Prompts;
        Assert.Equal([(3, 0.5), (null, 0.8), (null, 0.8)], prompts.Select(prompt => (prompt.Options.MaxOutputTokens, prompt.Options.Temperature)));
        Assert.Equal(["END"], prompts[2].Options.StopSequences);
        Assert.Equal([0, 0, 1], answers.Select(answer => answer.Alternatives.Count));
    }

    [Fact]
    public async Task ChatBatch_OptionOutOfRange_NothingIsSent()
    {
        await using Client client = await ConnectAsync();

        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => client.ChatBatchAsync(
            Model, [new ChatPrompt([Message.User("one")]), new ChatPrompt([Message.User("two")], new GenerationOptions { TopP = 2 })]));

        Assert.Equal("TopP", error.ParamName);
        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task ChatBatch_TemplateRefusesOneConversation_TheOthersAnswer()
    {
        _engine.Script.Answer("one", "1").Answer("three", "3");
        await using Client client = await ConnectAsync();
        var refusing = new GenerationOptions { ChatTemplate = "{{ raise_exception('not this one') }}", CandidateCount = 2 };

        IReadOnlyList<ChatResult> answers = await client.ChatBatchAsync(
            Model,
            [
                new ChatPrompt([Message.User("zero")], refusing),
                new ChatPrompt([Message.User("one")]),
                new ChatPrompt([Message.User("two")], refusing),
                new ChatPrompt([Message.User("three")]),
            ]).OrBroken("the answers");

        Assert.Equal(["", "1", "", "3"], answers.Select(answer => answer.Text));
        Assert.All([answers[0], answers[2], answers[0].Alternatives[0]], answer =>
        {
            Assert.Contains("not this one", Assert.IsType<ChatTemplateException>(answer.Error).Message, StringComparison.Ordinal);
            Assert.Equal(FinishReason.Error, answer.FinishReason);
        });
        Assert.Equal(2, Assert.Single(_engine.Requests).Prompts.Count);
    }

    [Fact]
    public async Task ChatBatchStream_TemplateRefusesEveryConversation_EachSaysSoAndNothingIsSent()
    {
        await using Client client = await ConnectAsync();
        var refusing = new GenerationOptions { ChatTemplate = "{{ raise_exception('no') }}" };

        var errors = new List<(int Index, OrchardException? Error)>();
        await foreach (ChatDelta delta in client.ChatBatchStreamAsync(Model, [[Message.User("one")], [Message.User("two")]], refusing))
        {
            errors.Add((delta.PromptIndex, delta.Error));
        }

        Assert.Equal([0, 1], errors.Select(error => error.Index));
        Assert.All(errors, error => Assert.IsType<ChatTemplateException>(error.Error));
        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task ChatStream_EngineStillGenerating_YieldsWhatHasCome()
    {
        var gate = new EngineGate();
        _engine.Script.Answer(new FakeReply().Say("Once ").Wait(gate).Say("upon").Finish(FinishReason.Length));
        await using Client client = await ConnectAsync();
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(Model, "Tell me a story.").GetAsyncEnumerator();

        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first delta"));
        Assert.Equal("Once ", stream.Current.Text);
        gate.Open();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the second delta"));
        Assert.Equal("upon", stream.Current.Text);
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the final delta"));
        Assert.Equal(FinishReason.Length, stream.Current.FinishReason);
        Assert.False(await stream.MoveNextAsync().AsTask().OrBroken("the end of the stream"));
    }

    [Fact]
    public async Task ChatBatch_AnswersArriveInAnyOrder_ResultsInTheOrderOfTheConversations()
    {
        var gate = new EngineGate();
        _engine.Script
            .Answer("first", new FakeReply().Wait(gate).Say("1"))
            .Answer("second", new FakeReply().Say("2").Finish().Do(gate.Open));
        await using Client client = await ConnectAsync();

        IReadOnlyList<ChatResult> answers = await client
            .ChatBatchAsync(Model, [[Message.User("first")], [Message.User("second")]]).OrBroken("both answers");

        Assert.Equal(["1", "2"], answers.Select(answer => answer.Text));
        Assert.Equal(2, Assert.Single(_engine.Requests).Prompts.Count);
    }

    [Fact]
    public async Task Chat_OneHundredAtOnce_OneLoadAndEachItsOwnAnswer()
    {
        _engine.Script.Answer(prompt => FakeReply.Of($"answer to {prompt.Question}"));
        await using Client client = await ConnectAsync();

        ChatResult[] answers = await Task
            .WhenAll(Enumerable.Range(0, 100).Select(i => client.ChatAsync(Model, $"question {i}"))).OrBroken("all answers");

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"answer to question {i}"), answers.Select(answer => answer.Text));
        Assert.Equal(1, _engine.CountOf(FakeCommandKind.LoadModel));
    }

    [Fact]
    public async Task Chat_Cancelled_EndsWithTheCallersTokenAndStopsTheEngine()
    {
        _engine.Script.Answer(new FakeReply().Stall());
        await using Client client = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        Task<ChatResult> chat = client.ChatAsync(Model, "Are you there?", cancellationToken: cancel.Token);
        FakeRequest request = await _engine.NextRequestAsync().OrBroken("the request");

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => chat.OrBroken("the cancelled call"));
        Assert.Equal(cancel.Token, error.CancellationToken);
        await request.Cancelled.OrBroken("the cancel command");
    }

    [Fact]
    public async Task Chat_OneOfTwoCancelled_TheOtherIsAnswered()
    {
        var gate = new EngineGate();
        _engine.Script.Answer("stays", new FakeReply().Wait(gate).Say("here")).Answer("leaves", new FakeReply().Stall());
        await using Client client = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        Task<ChatResult> stays = client.ChatAsync(Model, "stays");
        await gate.Reached.OrBroken("the request that stays");
        FakeRequest first = await _engine.NextRequestAsync().OrBroken("its record");
        Task<ChatResult> leaves = client.ChatAsync(Model, "leaves", cancellationToken: cancel.Token);
        FakeRequest second = await _engine.NextRequestAsync().OrBroken("the request that leaves");

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves.OrBroken("the cancelled call"));
        await second.Cancelled.OrBroken("the cancel command");
        gate.Open();

        Assert.Equal("here", (await stays.OrBroken("the other answer")).Text);
        Assert.False(first.Cancelled.IsCompleted);
    }

    [Fact]
    public async Task ChatStream_LoopLeftEarly_StopsTheEngine()
    {
        _engine.Script.Answer(new FakeReply().Say("Once ").Stall());
        await using Client client = await ConnectAsync();

        await foreach (ChatDelta delta in client.ChatStreamAsync(Model, "Tell me a story."))
        {
            Assert.Equal("Once ", delta.Text);
            break;
        }

        FakeRequest request = Assert.Single(_engine.Requests);
        await request.Cancelled.OrBroken("the cancel command");
    }

    private Task<Client> ConnectAsync() => _engine.ConnectAsync().OrBroken("the connection");
}
