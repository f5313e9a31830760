using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;
using Orchard.Server.Tests;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Server.Responses.Tests;

/// <summary>A session of Microsoft.Extensions.AI with the Responses API, streamed and whole.</summary>
public sealed class ExtensionsAIResponsesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Question = "What is the capital of France?";

    [Fact]
    public async Task Stream_Joined_IsTheWholeResponse_AndContinues()
    {
        using IChatClient client = Connect(fixture.Server);
        ChatResponse whole = await client.GetResponseAsync(Question, new ChatOptions { Temperature = 0 }).OrBroken("the answer");

        ChatResponse joined = await client.GetStreamingResponseAsync(Question, new ChatOptions { Temperature = 0 })
            .ToChatResponseAsync().OrBroken("the stream");
        ChatResponse second = await client.GetStreamingResponseAsync(
            "And of Italy?", new ChatOptions { ConversationId = joined.ConversationId }).ToChatResponseAsync().OrBroken("the second stream");

        Assert.Equal((whole.Text, ChatFinishReason.Stop), (joined.Text, joined.FinishReason));
        Assert.Equal(whole.Usage!.TotalTokenCount, joined.Usage!.TotalTokenCount);
        Assert.True(second.Usage!.InputTokenCount > joined.Usage.InputTokenCount);
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
        using IChatClient client = Connect(fixture.Server).AsBuilder()
            .UseFunctionInvocation(configure: invoking => invoking.MaximumIterationsPerRequest = 2).Build();
        var options = new ChatOptions { Temperature = 0, Tools = [weather], ToolMode = ChatToolMode.RequireAny };

        ChatResponse response = isStreamed
            ? await client.GetStreamingResponseAsync("What is the weather in Paris?", options).ToChatResponseAsync().OrBroken("the stream")
            : await client.GetResponseAsync("What is the weather in Paris?", options).OrBroken("the answer");

        Assert.True(calls > 0);
        Assert.NotEmpty(response.Text);
    }

    [Fact]
    public async Task Reasoning_OfAStream_IsReasoning()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Reason("Let me see.").Say("Paris.")));
        await using Client orchard = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(orchard);
        using IChatClient client = Connect(server);

        ChatResponse response = await client.GetStreamingResponseAsync(Question).ToChatResponseAsync().OrBroken("the stream");

        IList<AIContent> contents = Assert.Single(response.Messages).Contents;
        Assert.Equal("Let me see.", Assert.Single(contents.OfType<TextReasoningContent>()).Text);
        Assert.Equal("Paris.", response.Text);
    }

    [Fact]
    public async Task Failure_InTheMiddleOfAStream_IsSeen()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Say("Hello").Fail("The engine has failed.")));
        await using Client orchard = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(orchard, failures: ["A request to"]);
        using IChatClient client = Connect(server);

        ChatResponse response = await client.GetStreamingResponseAsync(Question).ToChatResponseAsync().OrBroken("the stream");

        ErrorContent error = Assert.Single(response.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>());
        Assert.Contains("The engine has failed.", error.Message, StringComparison.Ordinal);
    }

    private static IChatClient Connect(TestServer server) => new OpenAIClient(
        new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "/v1") })
        .GetResponsesClient().AsIChatClient("starter");
}
