using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Orchard.TestSupport;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Orchard.Server.Tests.Sessions;

/// <summary>A session of Microsoft.Extensions.AI through OpenAI's client.</summary>
public sealed class ExtensionsAITests(EmbeddingServerFixture fixture) : IClassFixture<EmbeddingServerFixture>
{
    private const string Question = "What is the capital of France?";

    private readonly OpenAIClient _client = new(
        new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(fixture.Server.Address, "/v1") });

    private IChatClient Chat => _client.GetChatClient("starter").AsIChatClient();

    [Fact]
    public async Task Chat_IsTheAnswerOfTheClient()
    {
        ChatResult direct = await fixture.Client.ChatAsync("starter", Question, new GenerationOptions { Temperature = 0 });

        ChatResponse response = await Chat.GetResponseAsync(Question, new ChatOptions { Temperature = 0 }).OrBroken("the answer");

        Assert.Equal((direct.Text, ChatFinishReason.Stop), (response.Text, response.FinishReason));
        Assert.Equal(direct.Usage.PromptTokens, response.Usage!.InputTokenCount);
        Assert.Equal(direct.Usage.CompletionTokens, response.Usage.OutputTokenCount);
        Assert.InRange(response.Usage.CachedInputTokenCount!.Value, 0, direct.Usage.PromptTokens);
    }

    [Fact]
    public async Task Stream_Joined_IsTheSameResponse()
    {
        ChatResponse whole = await Chat.GetResponseAsync(Question, new ChatOptions { Temperature = 0 }).OrBroken("the answer");

        ChatResponse joined = await Chat.GetStreamingResponseAsync(Question, new ChatOptions { Temperature = 0 })
            .ToChatResponseAsync().OrBroken("the stream");

        Assert.Equal((whole.Text, whole.FinishReason), (joined.Text, joined.FinishReason));
        Assert.Equal(whole.Usage!.TotalTokenCount, joined.Usage!.TotalTokenCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FunctionInvocation_CallsAndAnswers(bool isStreamed)
    {
        int calls = 0;
        AIFunction weather = AIFunctionFactory.Create(
            (string city) =>
            {
                calls++;
                return $"Sunny in {city}";
            },
            "get_weather",
            "Gets the current weather of a city.");
        using IChatClient client = Chat.AsBuilder()
            .UseFunctionInvocation(configure: invoking => invoking.MaximumIterationsPerRequest = 2).Build();
        var options = new ChatOptions { Temperature = 0, Tools = [weather], ToolMode = ChatToolMode.RequireAny };

        ChatResponse response = isStreamed
            ? await client.GetStreamingResponseAsync("What is the weather in Paris?", options).ToChatResponseAsync().OrBroken("the stream")
            : await client.GetResponseAsync("What is the weather in Paris?", options).OrBroken("the answer");

        Assert.True(calls > 0);
        Assert.NotEmpty(response.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_Parallel_AreSeveralCalls(bool isStreamed)
    {
        AIFunction weather = AIFunctionFactory.Create((string city) => city, "get_weather", "Gets the current weather of a city.");
        var options = new ChatOptions
        {
            Temperature = 0,
            Tools = [weather],
            ToolMode = ChatToolMode.RequireAny,
            AllowMultipleToolCalls = true,
            RawRepresentationFactory = static _ =>
            {
                var raw = new ChatCompletionOptions();
                raw.Patch.Set("$.min_tool_calls"u8, 2);
                raw.Patch.Set("$.max_tool_calls"u8, 2);
                return raw;
            },
        };

        const string cities = "What is the weather in Paris and in Rome?";
        ChatResponse response = isStreamed
            ? await Chat.GetStreamingResponseAsync(cities, options).ToChatResponseAsync().OrBroken("the stream")
            : await Chat.GetResponseAsync(cities, options).OrBroken("the answer");

        FunctionCallContent[] calls = [.. response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()];
        Assert.Equal(2, calls.Length);
        Assert.NotEqual(calls[0].CallId, calls[1].CallId);
        Assert.All(calls, call => Assert.True(call.Arguments!.ContainsKey("city")));
    }

    [Fact]
    public async Task Images_AreRefused_WithTheReason()
    {
        var message = new ChatMessage(ChatRole.User, [new TextContent(Question), new DataContent(new byte[] { 1, 2, 3 }, "image/png")]);

        var error = await Assert.ThrowsAsync<ClientResultException>(() => Chat.GetResponseAsync(message));

        Assert.Equal(400, error.Status);
        Assert.Contains("is an image", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StructuredOutput_IsAValue()
    {
        ChatResponse<Capital> response =
            await Chat.GetResponseAsync<Capital>(Question, new ChatOptions { Temperature = 0 }).OrBroken("the answer");

        Assert.NotEmpty(response.Result.City);
    }

    [Fact]
    public async Task Responses_ContinueAConversation()
    {
        using IChatClient responses = _client.GetResponsesClient().AsIChatClient("starter");

        ChatResponse first = await responses.GetResponseAsync(Question, new ChatOptions { Temperature = 0 }).OrBroken("the answer");
        ChatResponse second = await responses.GetResponseAsync(
            "And of Italy?", new ChatOptions { ConversationId = first.ConversationId }).OrBroken("the second answer");

        Assert.Contains("Paris", first.Text, StringComparison.Ordinal);
        Assert.NotNull(first.ConversationId);
        Assert.True(second.Usage!.InputTokenCount > first.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task Embeddings_AreThoseOfTheClient()
    {
        IReadOnlyList<TextEmbedding> direct = await fixture.Client.EmbedAsync(fixture.Embedder, ["hello", "world"]);

        GeneratedEmbeddings<Embedding<float>> embeddings = await _client.GetEmbeddingClient("embedder").AsIEmbeddingGenerator()
            .GenerateAsync(["hello", "world"]).OrBroken("the vectors");

        Assert.Equal(direct[1].Vector.ToArray(), embeddings[1].Vector.ToArray());
    }

    private sealed record Capital(string City);
}
