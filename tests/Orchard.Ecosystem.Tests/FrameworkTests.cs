using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.IO.Pipelines;
using Microsoft.Agents.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SkFunctionCall = Microsoft.SemanticKernel.FunctionCallContent;
using SkFunctionResult = Microsoft.SemanticKernel.FunctionResultContent;

namespace Orchard.Ecosystem.Tests;

/// <summary>What the frameworks send beside plain questions and tools.</summary>
public sealed class FrameworkTests(EngineFixture fixture)
{
    private const string Question = "What is the capital of France?";

    [Fact]
    public async Task SemanticKernel_SettingsOfOtherServices_AreFollowedOrIgnored()
    {
        var settings = new PromptExecutionSettings
        {
            ModelId = "starter",
            ExtensionData = new Dictionary<string, object>
            {
                ["max_tokens"] = 20,
                ["temperature"] = 0.5,
                ["top_p"] = 0.9,
                ["stop_sequences"] = new[] { "END" },
                ["results_per_prompt"] = 1,
                ["presence_penalty"] = 0.1,
                ["frequency_penalty"] = 0.1,
                ["seed"] = 1L,
                ["user"] = "me",
                ["logprobs"] = false,
                ["token_selection_biases"] = new Dictionary<int, int>(),
                ["store"] = false,
                ["metadata"] = new Dictionary<string, string> { ["a"] = "b" },
            },
        };

        FunctionResult result = await Kernel().InvokePromptAsync(Question, new KernelArguments(settings)).OrBroken("the answer");

        Assert.Contains("Paris", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SemanticKernel_StreamWithAFunction_CallsIt()
    {
        string? asked = null;
        Kernel kernel = Kernel();
        kernel.Plugins.AddFromFunctions("weather", [KernelFunctionFactory.CreateFromMethod((string city) => { asked = city; return "18 degrees"; }, "get_weather", "Get the current weather for a city.")]);
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };

        int parts = await kernel.InvokePromptStreamingAsync("What is the weather in Paris?", new KernelArguments(settings)).CountAsync();

        Assert.NotNull(asked);
        Assert.True(parts > 1);
    }

    [Fact]
    public async Task SemanticKernel_HistoryWithCallsAndResults_IsContinued()
    {
        var history = new ChatHistory("Be brief.");
        history.AddUserMessage("What is the weather in Paris?");
        history.Add(new ChatMessageContent(AuthorRole.Assistant, [new SkFunctionCall("get_weather", "weather", "1", new KernelArguments { ["city"] = "Paris" })]));
        history.Add(new ChatMessageContent(AuthorRole.Tool, [new SkFunctionResult("get_weather", "weather", "1", "18 degrees")]));
        history.AddUserMessage("And what is the capital of France?");

        ChatMessageContent answer = await fixture.Chat.AsChatCompletionService().GetChatMessageContentAsync(history).OrBroken("the answer");

        Assert.NotEqual("", answer.Content);
    }

    [Fact]
    public async Task Agent_TypedAnswer_IsRead()
    {
        AIAgent agent = new ChatClientAgent(fixture.Chat, "You know cities.");

        AgentResponse<City> response = await agent.RunAsync<City>(Question).OrBroken("the answer");

        Assert.NotEqual("", response.Result.Name);
    }

    [Fact]
    public async Task Agent_AsToolOfAnother_Answers()
    {
        AIAgent inner = new ChatClientAgent(fixture.Chat, "Answer briefly.", name: "get_weather", description: "Get the current weather for a city.");
        AIAgent outer = new ChatClientAgent(fixture.Chat, "You are a helpful assistant.", tools: [inner.AsAIFunction()]);

        AgentResponse response = await outer.RunAsync("What is the weather in Paris?").OrBroken("the answer");

        Assert.NotEqual("", response.Text);
    }

    [Fact]
    public async Task Agent_OptionsOfARun_AreFollowed()
    {
        AIAgent agent = new ChatClientAgent(fixture.Chat, new ChatClientAgentOptions { ChatOptions = new ChatOptions { Instructions = "Be brief.", Temperature = 0 } });

        AgentResponse response = await agent.RunAsync(Question, options: new ChatClientAgentRunOptions(new ChatOptions { MaxOutputTokens = 3 })).OrBroken("the answer");

        Assert.Equal(3, response.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Mcp_SamplingAndPromptOfAServer_AreAnswered()
    {
        var up = new Pipe();
        var down = new Pipe();
        using var stop = new CancellationTokenSource();
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "test", Version = "1" },
            ToolCollection =
            [
                McpServerTool.Create(
                    async (McpServer server, CancellationToken cancellationToken) => (await server.AsSamplingChatClient().GetResponseAsync(
                        [new ChatMessage(ChatRole.System, "Be brief."), new ChatMessage(ChatRole.User, Question)],
                        new ChatOptions { MaxOutputTokens = 20, Temperature = 0, StopSequences = ["END"] },
                        cancellationToken)).Text,
                    new McpServerToolCreateOptions { Name = "ask" }),
            ],
            PromptCollection =
            [
                McpServerPrompt.Create(
                    () => new GetPromptResult
                    {
                        Messages =
                        [
                            new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = "Look at this." } },
                            new PromptMessage { Role = Role.User, Content = new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "file:///a.txt", Text = "France", MimeType = "text/plain" } } },
                            new PromptMessage { Role = Role.Assistant, Content = ImageContentBlock.FromBytes(new byte[1000], "image/png") },
                            new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = Question } },
                        ],
                    },
                    new McpServerPromptCreateOptions { Name = "capital" }),
            ],
        };
        await using McpServer server = McpServer.Create(new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream(), "test"), options);
        Task running = server.RunAsync(stop.Token);
        await using McpClient client = await McpClient.CreateAsync(
            new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream()),
            new McpClientOptions { Handlers = new McpClientHandlers { SamplingHandler = fixture.Chat.CreateSamplingHandler() } }).OrBroken("the connection");

        CallToolResult sampled = await client.CallToolAsync("ask").AsTask().OrBroken("the sampling");
        GetPromptResult prompt = await client.GetPromptAsync("capital").AsTask().OrBroken("the prompt");
        ChatResponse answer = await fixture.Chat.GetResponseAsync(prompt.ToChatMessages(), new ChatOptions { MaxOutputTokens = 20 }).OrBroken("the answer");
        await stop.CancelAsync();
        await running.ContinueWith(static _ => { }, TaskScheduler.Default);

        Assert.Contains("Paris", Assert.IsType<TextContentBlock>(Assert.Single(sampled.Content)).Text, StringComparison.Ordinal);
        Assert.NotEqual("", answer.Text);
    }

    [Fact]
    public async Task TypedAnswers_OfPlainTypes_AreRead()
    {
        var options = new ChatOptions { MaxOutputTokens = 30 };

        await Task.WhenAll(
            ReadAsync<string>(Question),
            ReadAsync<DayOfWeek>("Which day is it?"),
            ReadAsync<string[]>("Name cities."),
            ReadAsync<bool>("Is Paris in France?"),
            ReadAsync<DateTimeOffset>("When?"),
            ReadAsync<City?>(Question)).OrBroken("the answers");

        async Task ReadAsync<T>(string question) => AssertRead(await fixture.Chat.GetResponseAsync<T>(question, options));
    }

    [Fact]
    public async Task TypedAnswer_WithoutASchemaInTheFormat_IsJson()
    {
        ChatResponse<City> response = await fixture.Chat.GetResponseAsync<City>(Question, new ChatOptions { MaxOutputTokens = 50 }, useJsonSchemaResponseFormat: false).OrBroken("the answer");

        Assert.StartsWith("{", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TypedAnswer_AfterATool_IsRead()
    {
        string? asked = null;
        using IChatClient chat = fixture.Chat.AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create((string city) => { asked = city; return "18 degrees"; }, "get_weather", "Get the current weather for a city.")], MaxOutputTokens = 50 };

        ChatResponse<City> response = await chat.GetResponseAsync<City>("What is the weather in Paris?", options).OrBroken("the answer");

        AssertRead(response);
    }

    [Fact]
    public async Task Stream_ReadTwiceAndLeftEarly_StartsAgain()
    {
        IAsyncEnumerable<ChatResponseUpdate> stream = fixture.Chat.GetStreamingResponseAsync(Question, new ChatOptions { MaxOutputTokens = 20 });

        await foreach (ChatResponseUpdate _ in stream)
        {
            break;
        }

        IAsyncEnumerator<ChatResponseUpdate> unread = stream.GetAsyncEnumerator();
        await unread.DisposeAsync();
        await unread.DisposeAsync();
        ChatResponse first = await stream.ToChatResponseAsync().OrBroken("the answer");
        ChatResponse second = await stream.ToChatResponseAsync().OrBroken("the answer again");

        Assert.Equal(first.Text, second.Text);
        Assert.Single(first.Messages);
        Assert.NotEqual(first.ResponseId, second.ResponseId); // they are two answers
        Assert.NotEqual(first.Messages[0].MessageId, second.Messages[0].MessageId);
    }

    [Fact]
    public async Task Stream_AfterItsEnd_StaysAtItsEnd()
    {
        await using IAsyncEnumerator<ChatResponseUpdate> stream = fixture.Chat.GetStreamingResponseAsync(Question, new ChatOptions { MaxOutputTokens = 3 }).GetAsyncEnumerator();
        int usages = 0;
        ChatFinishReason? last = null;
        while (await stream.MoveNextAsync())
        {
            usages += stream.Current.Contents.OfType<UsageContent>().Count();
            last = stream.Current.FinishReason;
        }

        Assert.False(await stream.MoveNextAsync());
        Assert.Equal((1, ChatFinishReason.Length), (usages, last));
    }

    [Fact]
    public async Task Middleware_OfAllKinds_StacksUp()
    {
        using IChatClient chat = fixture.Chat.AsBuilder()
            .ConfigureOptions(options => options.MaxOutputTokens ??= 20)
            .UseLogging(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance)
            .UseOpenTelemetry()
            .UseFunctionInvocation()
            .Build();
        chat.Dispose();

        ChatResponse response = await chat.GetStreamingResponseAsync(Question).ToChatResponseAsync().OrBroken("the answer");

        Assert.Contains("Paris", response.Text, StringComparison.Ordinal);
        Assert.NotNull(chat.GetService<Client>());
        Assert.Null(chat.GetService<Client>("key"));
    }

    // A small model may write on until the limit.
    private static void AssertRead<T>(ChatResponse<T> response) =>
        Assert.True(response.FinishReason == ChatFinishReason.Length || response.TryGetResult(out _), response.Text);

    private Kernel Kernel()
    {
        IKernelBuilder builder = Microsoft.SemanticKernel.Kernel.CreateBuilder();
        builder.Services.AddSingleton(fixture.Chat.AsBuilder().UseKernelFunctionInvocation().Build());
        return builder.Build();
    }

    [Description("A city.")]
    private sealed record City([property: Description("Its name."), MaxLength(12)] string Name, [property: Range(1, 99)] int Rank);
}
