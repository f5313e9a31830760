using Microsoft.Extensions.AI.Evaluation;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Orchard.Ecosystem.Tests;

/// <summary>The middleware of Microsoft.Extensions.AI: function invocation, cache, reduction and evaluation.</summary>
public sealed class MiddlewareTests(EngineFixture fixture)
{
    private const string Question = "What is the capital of France?";

    private const string ToolQuestion = "What is the weather in Paris?";

    [Fact]
    public async Task FunctionInvocation_CallCutOff_IsNeverExecuted()
    {
        int executed = 0;
        AIFunction weather = Weather(_ => executed++);
        using var chat = new FunctionInvokingChatClient(fixture.Chat);
        for (int tokens = 1; tokens <= 12; tokens++)
        {
            ChatResponse response = await chat.GetResponseAsync(
                ToolQuestion, new ChatOptions { Tools = [weather], ToolMode = ChatToolMode.RequireAny, MaxOutputTokens = tokens }).OrBroken("the cut answer");

            Assert.Equal(ChatFinishReason.Length, response.FinishReason);
            Assert.All(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>(), call => Assert.True(call.InformationalOnly));
        }

        Assert.Equal(0, executed);
    }

    [Fact]
    public async Task FunctionInvocation_FunctionThatThrows_IsToldToTheModel()
    {
        using var chat = new FunctionInvokingChatClient(fixture.Chat) { IncludeDetailedErrors = true };

        ChatResponse response = await chat.GetResponseAsync(
            ToolQuestion, new ChatOptions { Tools = [Weather(_ => throw new InvalidOperationException("out of order"))] }).OrBroken("the answer");

        Assert.Contains(response.Messages, message => message.Contents.OfType<FunctionResultContent>().Any(result => result.Exception is not null));
    }

    [Fact]
    public async Task FunctionInvocation_Terminated_TheNextTurnGoesOn()
    {
        using var chat = new FunctionInvokingChatClient(fixture.Chat);
        var options = new ChatOptions { Tools = [Weather(_ => FunctionInvokingChatClient.CurrentContext!.Terminate = true)] };
        List<ChatMessage> history = [new(ChatRole.User, ToolQuestion)];

        history.AddMessages(await chat.GetResponseAsync(history, options).OrBroken("the call"));
        history.Add(new ChatMessage(ChatRole.User, Question));
        ChatResponse response = await chat.GetResponseAsync(history, options).OrBroken("the next turn");

        Assert.NotEmpty(response.Messages);
    }

    [Fact]
    public async Task FunctionInvocation_UnknownCallsTerminate_TheNextTurnGoesOn()
    {
        using var chat = new FunctionInvokingChatClient(fixture.Chat) { TerminateOnUnknownCalls = true };
        AIFunctionDeclaration declared = Weather(_ => { }).AsDeclarationOnly();
        List<ChatMessage> history = [new(ChatRole.User, ToolQuestion)];

        history.AddMessages(await chat.GetResponseAsync(history, new ChatOptions { Tools = [declared] }).OrBroken("the call"));
        history.Add(new ChatMessage(ChatRole.User, Question));

        Assert.NotEmpty((await chat.GetResponseAsync(history).OrBroken("the next turn, without the tool")).Messages);
    }

    [Fact]
    public async Task FunctionInvocation_MaximumOfIterations_Answers()
    {
        using var chat = new FunctionInvokingChatClient(fixture.Chat) { MaximumIterationsPerRequest = 1 };

        ChatResponse response = await chat.GetResponseAsync(ToolQuestion, new ChatOptions { Tools = [Weather(_ => { })], ToolMode = ChatToolMode.RequireAny }).OrBroken("the answer");

        Assert.Contains(response.Messages, message => message.Role == ChatRole.Tool);
    }

    [Fact]
    public async Task FunctionInvocation_ImageAsResult_CostsFewTokens()
    {
        using var chat = new FunctionInvokingChatClient(fixture.Chat);
        AIFunction draw = AIFunctionFactory.Create((string city) => new DataContent(new byte[200_000], "image/png"), "get_weather", "Get the current weather for a city.");

        ChatResponse response = await chat.GetResponseAsync(ToolQuestion, new ChatOptions { Tools = [draw] }).OrBroken("the answer");

        Assert.InRange(response.Usage!.InputTokenCount!.Value, 1, 2000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DistributedCache_SameQuestion_IsAnsweredFromIt(bool streams)
    {
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        using IChatClient chat = fixture.Chat.AsBuilder().UseDistributedCache(cache).UseFunctionInvocation().Build();
        var options = new ChatOptions { Tools = [Weather(_ => { })] };

        ChatResponse first = await AskAsync();
        ChatResponse second = await AskAsync();

        Assert.Equal(first.ResponseId, second.ResponseId);
        Assert.Equal(first.Text, second.Text);

        async Task<ChatResponse> AskAsync() => streams
            ? await chat.GetStreamingResponseAsync(ToolQuestion, options).ToChatResponseAsync().OrBroken("the answer")
            : await chat.GetResponseAsync(ToolQuestion, options).OrBroken("the answer");
    }

    [Fact]
    public async Task Reduction_OfAHistoryWithCalls_GoesOn()
    {
        List<ChatMessage> history = [new(ChatRole.System, "Be kind.")];
        for (int turn = 0; turn < 5; turn++)
        {
            history.Add(new(ChatRole.User, ToolQuestion));
            history.Add(new(ChatRole.Assistant, [new FunctionCallContent($"a{turn}", "get_weather")]));
            history.Add(new(ChatRole.Tool, [new FunctionResultContent($"a{turn}", "18 degrees")]));
            history.Add(new(ChatRole.Assistant, "It is 18 degrees."));
        }

        history.Add(new(ChatRole.User, Question));
        using IChatClient counting = fixture.Chat.AsBuilder().UseChatReducer(new MessageCountingChatReducer(3)).Build();
        using IChatClient summarizing = fixture.Chat.AsBuilder().UseChatReducer(new SummarizingChatReducer(fixture.Chat, 2, 1)).Build();

        Assert.NotEqual("", (await counting.GetResponseAsync(history).OrBroken("the answer")).Text);
        Assert.NotEqual("", (await summarizing.GetResponseAsync(history, new ChatOptions { MaxOutputTokens = 50 }).OrBroken("the answer after a summary")).Text);
    }

    [Fact]
    public async Task Evaluation_ByTheModelItself_GivesAMetric()
    {
        ChatResponse response = await fixture.Chat.GetResponseAsync(Question).OrBroken("the answer");

        EvaluationResult result = await new AsksTheModel().EvaluateAsync(
            [new(ChatRole.User, Question)], response, new ChatConfiguration(fixture.Chat)).AsTask().OrBroken("the evaluation");

        Assert.IsType<StringMetric>(result.Metrics["Opinion"]);
    }

    [Fact]
    public async Task Settings_ThatTheModelCannotFollow_AreListed()
    {
        ChatResponse response = await fixture.Chat.GetResponseAsync(
            Question, new ChatOptions { Reasoning = new ReasoningOptions { Effort = Microsoft.Extensions.AI.ReasoningEffort.Low }, AdditionalProperties = new() { ["num_ctx"] = 2048 } }).OrBroken("the answer");

        Assert.Equal(["num_ctx", "ReasoningEffort"], Assert.IsType<string[]>(response.AdditionalProperties![OrchardClientExtensions.IgnoredOptions]));
    }

    private static AIFunction Weather(Action<string> onCall) => AIFunctionFactory.Create(
        (string city = "nowhere") =>
        {
            onCall(city);
            return "18 degrees";
        },
        "get_weather",
        "Get the current weather for a city.");

    private sealed class AsksTheModel : IEvaluator
    {
        public IReadOnlyCollection<string> EvaluationMetricNames => ["Opinion"];

        public async ValueTask<EvaluationResult> EvaluateAsync(
            IEnumerable<ChatMessage> messages,
            ChatResponse modelResponse,
            ChatConfiguration? chatConfiguration = null,
            IEnumerable<EvaluationContext>? additionalContext = null,
            CancellationToken cancellationToken = default)
        {
            ChatResponse opinion = await chatConfiguration!.ChatClient.GetResponseAsync(
                [.. messages, .. modelResponse.Messages, new(ChatRole.User, "Is that right?")], new ChatOptions { MaxOutputTokens = 20 }, cancellationToken);
            return new EvaluationResult(new StringMetric("Opinion", opinion.Text));
        }
    }
}
