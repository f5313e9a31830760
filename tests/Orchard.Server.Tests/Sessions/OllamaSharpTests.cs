using System.Text;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;
using OllamaSharp.Models.Exceptions;
using Orchard.Testing;
using Orchard.TestSupport;
using ChatRole = OllamaSharp.Models.Chat.ChatRole;
using OllamaMessage = OllamaSharp.Models.Chat.Message;

namespace Orchard.Server.Tests.Sessions;

/// <summary>A session of OllamaSharp.</summary>
public sealed class OllamaSharpTests(EmbeddingServerFixture fixture) : IClassFixture<EmbeddingServerFixture>, IDisposable
{
    private const string Question = "What is the capital of France?";

    private readonly OllamaApiClient _client = new(fixture.Server.Address, "starter");

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Chat_Whole_IsAnswered()
    {
        ChatResponse response = await ((IChatClient)_client).GetResponseAsync(
            Question, new ChatOptions { Temperature = 0, MaxOutputTokens = 64 }).OrBroken("the answer");

        Assert.Contains("Paris", response.Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.True(response.Usage!.InputTokenCount > 0 && response.Usage.OutputTokenCount > 0);
    }

    [Fact]
    public async Task Chat_Streamed_IsTheSame()
    {
        var request = new ChatRequest
        {
            Model = "starter",
            Messages = [new OllamaMessage(ChatRole.User, Question)],
            Options = new RequestOptions { Temperature = 0 },
        };
        ChatResponse whole = await ((IChatClient)_client).GetResponseAsync(Question, new ChatOptions { Temperature = 0 });
        var text = new StringBuilder();
        ChatResponseStream? last = null;
        await foreach (ChatResponseStream? part in _client.ChatAsync(request))
        {
            text.Append(part!.Message.Content);
            last = part;
        }

        Assert.Equal(whole.Text, text.ToString());
        ChatDoneResponseStream end = Assert.IsType<ChatDoneResponseStream>(last);
        Assert.Equal("stop", end.DoneReason);
        Assert.True(end.EvalCount > 0 && end.PromptEvalCount > 0 && end.TotalDuration > 0);
    }

    [Fact]
    public async Task Tools_ThroughFunctionInvocation_AreCalledAndAnswered()
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
        using IChatClient client = new ChatClientBuilder(new OllamaApiClient(fixture.Server.Address, "starter"))
            .UseFunctionInvocation(configure: invoking => invoking.MaximumIterationsPerRequest = 2)
            .Build();

        ChatResponse response = await client.GetResponseAsync(
            "What is the weather in Paris?", new ChatOptions { Temperature = 0, Tools = [weather] }).OrBroken("the answer");

        Assert.True(calls > 0, response.Text);
        Assert.NotEmpty(response.Text);
    }

    [Fact]
    public async Task Tools_Parallel_AreSeveralCalls()
    {
        // This client sends neither a choice of tools nor how many calls there may be.
        await using var engine = new FakeEngine(new EngineScript().Answer(
            new FakeReply().Call("get_weather", "{\"city\": \"Paris\"}").Call("get_weather", "{\"city\": \"Rome\"}")));
        await using Client orchard = await engine.ConnectAsync();
        await using TestServer server = await TestServer.StartAsync(orchard);
        using IChatClient client = new OllamaApiClient(server.Address, "starter");
        AIFunction weather = AIFunctionFactory.Create((string city) => city, "get_weather", "Gets the current weather of a city.");
        var options = new ChatOptions { Tools = [weather] };

        ChatResponse whole = await client.GetResponseAsync(Question, options).OrBroken("the answer");
        ChatResponse joined = await client.GetStreamingResponseAsync(Question, options).ToChatResponseAsync().OrBroken("the stream");

        Assert.Equal(["Paris", "Rome"], Cities(whole));
        Assert.Equal(["Paris", "Rome"], Cities(joined));

        static IEnumerable<string?> Cities(ChatResponse response) => response.Messages.SelectMany(message => message.Contents)
            .OfType<FunctionCallContent>().Select(call => call.Arguments!["city"]?.ToString());
    }

    [Fact]
    public async Task Images_AreRefused_WithTheReason()
    {
        var message = new ChatMessage(
            Microsoft.Extensions.AI.ChatRole.User, [new TextContent(Question), new DataContent(new byte[] { 1, 2, 3 }, "image/png")]);

        var error = await Assert.ThrowsAsync<OllamaException>(() => ((IChatClient)_client).GetResponseAsync(message));

        Assert.Contains("cannot see: it has no projector", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StructuredOutput_Schema_IsFollowed()
    {
        ChatResponse<Capital> response = await ((IChatClient)_client).GetResponseAsync<Capital>(
            Question, new ChatOptions { Temperature = 0 }).OrBroken("the answer");

        Assert.NotEmpty(response.Result.City);
    }

    [Fact]
    public async Task Generate_ContinuesAPrompt()
    {
        var text = new StringBuilder();
        await foreach (GenerateResponseStream? part in _client.GenerateAsync(
            new GenerateRequest { Model = "starter", Prompt = Question, Options = new RequestOptions { Temperature = 0 } }))
        {
            text.Append(part!.Response);
        }

        Assert.Contains("Paris", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_GivesVectors()
    {
        EmbedResponse response = await _client.EmbedAsync(new EmbedRequest { Model = "embedder", Input = ["hello", "world"] });

        Assert.Equal(2, response.Embeddings.Count);
        Assert.True(response.PromptEvalCount > 0);
    }

    [Fact]
    public async Task Models_AreListedShownAndLoaded()
    {
        Assert.True(await _client.IsRunningAsync());
        Assert.True(Version.Parse(await _client.GetVersionAsync()) >= new Version(0, 6, 4));
        Assert.Contains(await _client.ListLocalModelsAsync(), model => model.Name == "starter" && model.Size > 0);

        ShowModelResponse show = await _client.ShowModelAsync(new ShowModelRequest { Model = "starter" });

        Assert.NotEmpty(show.Info.Architecture!);
        Assert.Contains("tools", show.Capabilities!);
        Assert.NotNull(await ((IChatClient)_client).GetResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 1 }));
        Assert.Contains(await _client.ListRunningModelsAsync(), model => model.Name == "starter");
    }

    [Fact]
    public async Task Errors_AreTexts()
    {
        var error = await Assert.ThrowsAsync<OllamaException>(async () =>
        {
            await foreach (ChatResponseStream? _ in _client.ChatAsync(new ChatRequest
            {
                Model = "starter",
                Messages = [new OllamaMessage(ChatRole.User, Question)],
                Options = new RequestOptions { Temperature = -1 },
            }))
            {
            }
        });
        Assert.Contains("Temperature", error.Message, StringComparison.OrdinalIgnoreCase);

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.ShowModelAsync(new ShowModelRequest { Model = "none" }));
        await Assert.ThrowsAsync<OllamaException>(async () =>
        {
            await foreach (PullModelResponse? _ in _client.PullModelAsync("llama3.2"))
            {
            }
        });
    }

    [Fact]
    public async Task Cancel_InTheMiddleOfAStream_EndsTheGeneration()
    {
        using var stop = new CancellationTokenSource();
        int parts = 0;
        var request = new ChatRequest { Model = "starter", Messages = [new OllamaMessage(ChatRole.User, Question)] };
        await foreach (ChatResponseStream? _ in _client.ChatAsync(request, stop.Token))
        {
            if (++parts == 2)
            {
                await stop.CancelAsync(); // this client ends the stream without an exception
            }
        }

        Assert.True(parts < 4, $"{parts} parts came after the second one was the last to be read.");
        await fixture.Server.UntilIdleAsync();
    }

    private sealed record Capital(string City);
}
