using Orchard.TestSupport;

namespace Orchard.Extensions.AI.Tests.Conformance;

/// <summary>What code written against our chat client relies on beside what every <see cref="IChatClient"/> gives.</summary>
/// <param name="host">One for all tests of a class.</param>
public abstract class OrchardChatClientContract(ChatClientHost host) : ChatClientContract(host)
{
    [Fact]
    public async Task RawRepresentation_IsTheResult() =>
        Assert.IsType<ChatResult>((await Client.GetResponseAsync(Question).OrBroken("the answer")).RawRepresentation);

    [Fact]
    public async Task FinishReason_IsInTheLastUpdateOnly()
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in Client.GetStreamingResponseAsync(Question))
        {
            updates.Add(update);
        }

        Assert.All(updates[..^1], update => Assert.Null(update.FinishReason));
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
    }

    [Fact]
    public async Task GetStreamingResponse_CancelledByTheEnumeratorsToken_Ends()
    {
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in Client.GetStreamingResponseAsync(ChatClientHost.LongQuestion).WithCancellation(stop.Token))
            {
                await stop.CancelAsync();
            }
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FunctionInvocation_FunctionThatReturnsARecord_IsAnsweredFromIt(bool streams)
    {
        AIFunction weather = AIFunctionFactory.Create((string city) => new Report(24, "sunny"), "get_weather", "Get the current weather for a city.");
        using IChatClient client = new ChatClientBuilder(Client).UseFunctionInvocation().Build();
        var options = new ChatOptions { Tools = [weather] };

        ChatResponse response = streams
            ? await client.GetStreamingResponseAsync(ChatClientHost.ToolQuestion, options).ToChatResponseAsync().OrBroken("the answer")
            : await client.GetResponseAsync(ChatClientHost.ToolQuestion, options).OrBroken("the answer");

        Assert.Contains("24", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponseOfT_RangeOfAProperty_IsKept() => Assert.InRange(
        (await Client.GetResponseAsync<City>(ChatClientHost.RecordQuestion, new ChatOptions { MaxOutputTokens = 100 }).OrBroken("the record"))
        .Result.Rank,
        1,
        9);

    [Fact]
    public async Task GetResponse_NoSuchModel_FailsTyped() =>
        await Assert.ThrowsAsync<ModelNotFoundException>(() => Client.GetResponseAsync(Question, new ChatOptions { ModelId = "no-such-model" }).OrBroken("the refusal"));

    [Fact]
    public async Task Calls_BadArguments_FailAtOnce()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => Client.GetResponseAsync((IEnumerable<ChatMessage>)null!));
        Assert.Throws<ArgumentNullException>(() => Client.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!));
        await Assert.ThrowsAsync<ArgumentException>(() => Client.GetResponseAsync(Array.Empty<ChatMessage>()));
        Assert.Throws<NotSupportedException>(() => Client.GetStreamingResponseAsync(Question, new ChatOptions { ConversationId = "c" }));
    }

    [Fact]
    public void GetService_WhatThereIs_AndNothingElse()
    {
        var metadata = Client.GetService<ChatClientMetadata>()!;

        Assert.Equal(("orchard", "starter", null), (metadata.ProviderName, metadata.DefaultModelId, metadata.ProviderUri));
        Assert.NotNull(Client.GetService<Client>());
        Assert.NotNull(Client.GetService<IChatClient>());
        Assert.Null(Client.GetService<string>());
        Assert.Null(Client.GetService(typeof(Client), "a key"));
        Assert.Throws<ArgumentNullException>(() => Client.GetService(null!));
    }

    [Fact]
    public async Task Dispose_OfTheChatClient_LeavesTheClientToOthers()
    {
        Client.Dispose();

        Assert.Contains("Paris", (await Client.GetResponseAsync(Question).OrBroken("the answer")).Text, StringComparison.Ordinal);
    }

    private sealed record City(bool IsCapital, [property: System.ComponentModel.DataAnnotations.Range(1, 9)] int Rank);

    private sealed record Report(int Temperature, string Condition);
}

public sealed class ScriptedTests(ScriptedHost host) : OrchardChatClientContract(host), IClassFixture<ScriptedHost>;

public sealed class ContainerTests(ContainerHost host) : OrchardChatClientContract(host), IClassFixture<ContainerHost>;

public sealed class RealTests(RealHost host) : OrchardChatClientContract(host), IClassFixture<RealHost>;
