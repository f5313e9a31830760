using System.Text.Json;
using Microsoft.Extensions.AI;
using Orchard.TestSupport;

namespace Orchard.Extensions.AI.Tests.Conformance;

/// <summary>
/// What code written against <see cref="IChatClient"/> relies on, whatever is behind it: our client, or another one through HTTP.
/// </summary>
/// <param name="host">One for all tests of a class.</param>
public abstract class ChatClientContract(ChatClientHost host)
{
    protected const string Question = "What is the capital of France?";

    protected IChatClient Client => host.Client;

    [Fact]
    public async Task GetResponse_OneQuestion_AnswerWithAllItsFacts()
    {
        ChatResponse response = await Client.GetResponseAsync(Question).OrBroken("the answer");

        ChatMessage message = Assert.Single(response.Messages);
        Assert.Equal("The capital of France is Paris.", message.Text);
        Assert.Equal(ChatRole.Assistant, message.Role);
        Assert.False(string.IsNullOrEmpty(message.MessageId));
        Assert.False(string.IsNullOrEmpty(response.ResponseId));
        Assert.Equal("starter", response.ModelId);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.True(response.Usage!.InputTokenCount > 0);
        Assert.True(response.Usage.OutputTokenCount > 0);
        Assert.Equal(response.Usage.InputTokenCount + response.Usage.OutputTokenCount, response.Usage.TotalTokenCount);
        Assert.InRange(response.Usage.CachedInputTokenCount!.Value, 0, response.Usage.InputTokenCount!.Value);
        Assert.NotNull(response.RawRepresentation);
    }

    [Fact]
    public async Task GetStreamingResponse_Joined_IsTheSameResponse()
    {
        ChatResponse whole = await Client.GetResponseAsync(Question).OrBroken("the answer");
        var updates = new List<ChatResponseUpdate>();
        await foreach (ChatResponseUpdate update in Client.GetStreamingResponseAsync(Question))
        {
            updates.Add(update);
        }

        ChatResponse joined = updates.ToChatResponse();

        Assert.True(updates.Count > 1);
        Assert.Single(updates.Select(update => (update.ResponseId, update.MessageId, update.ModelId, update.Role)).Distinct());
        Assert.All(updates[(updates.FindIndex(update => update.FinishReason is not null) + 1)..], update => Assert.Empty(update.Text));
        ChatMessage message = Assert.Single(joined.Messages);
        Assert.Equal(updates[0].MessageId, message.MessageId);
        Assert.Equal(updates[0].ResponseId, joined.ResponseId);
        Assert.Equal(whole.Text, joined.Text);
        Assert.IsType<TextContent>(Assert.Single(message.Contents));
        Assert.Equal((whole.FinishReason, whole.ModelId), (joined.FinishReason, joined.ModelId));
        Assert.Equal(
            (whole.Usage!.InputTokenCount, whole.Usage.OutputTokenCount, whole.Usage.TotalTokenCount),
            (joined.Usage!.InputTokenCount, joined.Usage.OutputTokenCount, joined.Usage.TotalTokenCount));
    }

    [Fact]
    public async Task GetResponse_MaxOutputTokens_EndsAtThatLength()
    {
        ChatResponse response = await Client.GetResponseAsync(Question, new ChatOptions { MaxOutputTokens = 2 }).OrBroken("the answer");

        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(2, response.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task GetResponse_ThirtyTwoCallersOfOneInstance_EachGetsItsOwn()
    {
        IChatClient client = Client;

        ChatResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => i % 2 == 0
            ? client.GetResponseAsync(Question)
            : client.GetStreamingResponseAsync(Question).ToChatResponseAsync())).OrBroken("the answers");

        Assert.All(responses, response => Assert.Equal("The capital of France is Paris.", response.Text));
        Assert.Equal(32, responses.Select(response => response.ResponseId).Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FunctionInvocation_QuestionForAFunction_IsAnsweredFromItsText(bool streams)
    {
        string? asked = null;
        AIFunction weather = AIFunctionFactory.Create(Weather, "get_weather", "Get the current weather for a city.");
        using IChatClient client = new ChatClientBuilder(Client).UseFunctionInvocation().Build();
        var options = new ChatOptions { Tools = [weather] };

        ChatResponse response = streams
            ? await client.GetStreamingResponseAsync(ChatClientHost.ToolQuestion, options).ToChatResponseAsync().OrBroken("the answer")
            : await client.GetResponseAsync(ChatClientHost.ToolQuestion, options).OrBroken("the answer");

        Assert.Equal("Paris", asked);
        Assert.Equal([ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant], response.Messages.Select(message => message.Role));
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents, content => content is FunctionCallContent));
        Assert.Equal(("get_weather", call.CallId), (call.Name, Assert.IsType<FunctionResultContent>(Assert.Single(response.Messages[1].Contents)).CallId));
        Assert.Contains("24", response.Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.True(response.Usage!.InputTokenCount > 0 && response.Usage.TotalTokenCount == response.Usage.InputTokenCount + response.Usage.OutputTokenCount);

        string Weather(string city)
        {
            asked = city;
            return "24 degrees and sunny";
        }
    }

    [Fact]
    public async Task GetResponse_ToolRequired_CallsWhateverIsAsked()
    {
        AIFunction weather = AIFunctionFactory.Create((string city) => city, "get_weather", "Get the current weather for a city.");

        ChatResponse response = await Client.GetResponseAsync(
            Question, new ChatOptions { Tools = [weather], ToolMode = ChatToolMode.RequireSpecific("get_weather"), MaxOutputTokens = 100 }).OrBroken("the call");

        var call = Assert.IsType<FunctionCallContent>(Assert.Single(Assert.Single(response.Messages).Contents, content => content is FunctionCallContent));
        Assert.Equal("get_weather", call.Name);
        Assert.Equal(["city"], call.Arguments!.Keys);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Fact]
    public async Task GetResponseOfT_Record_IsFilled()
    {
        ChatResponse<City> response = await Client.GetResponseAsync<City>(
            ChatClientHost.RecordQuestion, new ChatOptions { MaxOutputTokens = 100 }).OrBroken("the record");

        Assert.True(response.Result.Rank >= 0);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task GetResponse_FormatWithTools_IsAnAnswerOfTheFormatOrACall()
    {
        AIFunction weather = AIFunctionFactory.Create((string city) => city, "get_weather", "Get the current weather for a city.");

        ChatResponse response = await Client.GetResponseAsync(
            ChatClientHost.RecordQuestion,
            new ChatOptions { Tools = [weather], ResponseFormat = ChatResponseFormat.ForJsonSchema<City>(), MaxOutputTokens = 100 }).OrBroken("the answer");

        Assert.True(
            response.FinishReason == ChatFinishReason.ToolCalls
            || JsonDocument.Parse(response.Text).RootElement.GetProperty("rank").TryGetInt32(out _),
            response.Text);
    }

    [Fact]
    public async Task GetStreamingResponse_Cancelled_EndsWithTheCallersToken()
    {
        using var stop = new CancellationTokenSource();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in Client.GetStreamingResponseAsync(ChatClientHost.LongQuestion, cancellationToken: stop.Token))
            {
                await stop.CancelAsync();
            }
        });

        Assert.Equal(stop.Token, error.CancellationToken);
    }

    [Fact]
    public async Task GetResponse_CancelledBefore_EndsWithTheCallersToken()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Client.GetResponseAsync(Question, cancellationToken: stop.Token).OrBroken("the end"));

        Assert.Equal(stop.Token, error.CancellationToken);
    }

    [Fact]
    public async Task GetStreamingResponse_LeftEarly_TheNextCallIsAnswered()
    {
        await foreach (ChatResponseUpdate _ in Client.GetStreamingResponseAsync(ChatClientHost.LongQuestion))
        {
            break;
        }

        Assert.Contains("Paris", (await Client.GetResponseAsync(Question).OrBroken("the next answer")).Text, StringComparison.Ordinal);
    }

    private sealed record City(bool IsCapital, int Rank);
}
