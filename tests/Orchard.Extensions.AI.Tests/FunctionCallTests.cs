using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Extensions.AI.Tests;

/// <summary>Function calls between middleware and the scripted engine.</summary>
public sealed class FunctionCallTests
{
    private static readonly string LongName = "server/" + new string('x', 121);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_CutByTheLimit_IsNeverExecuted(bool streams)
    {
        int executed = 0;
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().BeginCall("add", "{\"a\":").Finish(FinishReason.Length)));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        using IChatClient chat = new FunctionInvokingChatClient(client.AsIChatClient("starter"));
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create((int a = 0) => executed++, "add")] };

        ChatResponse response = streams
            ? await chat.GetStreamingResponseAsync("Add.", options).ToChatResponseAsync().OrBroken("the answer")
            : await chat.GetResponseAsync("Add.", options).OrBroken("the answer");

        Assert.Equal(0, executed);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task Call_OfALongName_ComesBackUnderIt()
    {
        string? asked = null;
        await using var engine = new FakeEngine(new EngineScript().Answer(prompt =>
            prompt.Text.Contains("done", StringComparison.Ordinal) ? FakeReply.Of("It is done.") : new FakeReply().Call(prompt.Options.Tools[0].Name, "{\"a\": \"x\"}")));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        using IChatClient chat = new FunctionInvokingChatClient(client.AsIChatClient("starter"));
        AIFunction function = AIFunctionFactory.Create((string a) => { asked = a; return "done"; }, LongName);

        ChatResponse response = await chat.GetResponseAsync(
            "Go.", new ChatOptions { Tools = [function], ToolMode = ChatToolMode.RequireSpecific(LongName) }).OrBroken("the answer");

        Assert.Equal(("x", "It is done."), (asked, response.Text));
        Assert.Equal(LongName, response.Messages[0].Contents.OfType<FunctionCallContent>().Single().Name);
        Assert.Equal(engine.Requests[0].Prompts[0].Options.Tools[0].Name, engine.Requests[0].Prompts[0].Options.ToolChoice.Name);
    }

    [Fact]
    public async Task Stream_EnumeratedTwice_IsTwoResponses()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("one"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        IAsyncEnumerable<ChatResponseUpdate> stream = client.AsIChatClient("starter").GetStreamingResponseAsync("Hi");

        ChatResponse first = await stream.ToChatResponseAsync().OrBroken("one response");
        ChatResponse second = await stream.ToChatResponseAsync().OrBroken("the other response");

        Assert.NotEqual(first.ResponseId, second.ResponseId);
        Assert.NotEqual(first.Messages[0].MessageId, second.Messages[0].MessageId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Options_ThatTheModelCannotFollow_AreListedInTheResponse(bool streams)
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("one"));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        IChatClient chat = client.AsIChatClient("starter");
        var options = new ChatOptions
        {
            Reasoning = new ReasoningOptions { Effort = Microsoft.Extensions.AI.ReasoningEffort.High },
            AdditionalProperties = new() { ["num_ctx"] = 4096 },
        };

        ChatResponse response = streams
            ? await chat.GetStreamingResponseAsync("Hi", options).ToChatResponseAsync().OrBroken("the answer")
            : await chat.GetResponseAsync("Hi", options).OrBroken("the answer");

        Assert.Equal(
            ["num_ctx", "EnableReasoning", "ReasoningEffort"],
            Assert.IsType<string[]>(response.Messages[0].AdditionalProperties![OrchardClientExtensions.IgnoredOptions]));
        Assert.Equal(!streams, response.AdditionalProperties is not null);
        Assert.Null((await chat.GetResponseAsync("Hi").OrBroken("an answer")).AdditionalProperties);
    }

    [Theory]
    [InlineData("{\"city\":\"Rome\",\"days\":2}", "dry in Rome for 2 days")]
    [InlineData("{\"city\":\"Rome\"}", "dry in Rome for 7 days")]
    public async Task RunTools_ToolOfADelegate_IsCalledWithItsParameters(string arguments, string expected)
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(prompt =>
            prompt.ToolResults.Count > 0 ? FakeReply.Of("Done.") : new FakeReply().Call("forecast", arguments)));
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        Tool tool = Tool.Create(
            async ([Description("The city.")] string city, CancellationToken cancellationToken, int days = 7) =>
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                return $"dry in {city} for {days} days";
            },
            "forecast",
            "A forecast.");

        ToolRun run = await client.RunToolsAsync("starter", "Will it rain?", new GenerationOptions { Tools = [tool] }).OrBroken("the run");

        Assert.Equal(expected, Assert.Single(run.Executions).Result);
        Assert.Equal("Done.", run.Answer.Text);
        Assert.Equal(["city"], tool.Parameters.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task ServiceProvider_DisposedSynchronously_Disposes()
    {
        var services = new ServiceCollection();
        services.AddSingleton(_ => new FakeEngine());
        services.AddSingleton(provider => Client.Create());
        using ServiceProvider provider = services.BuildServiceProvider();

        await using Client client = await provider.GetRequiredService<FakeEngine>().ConnectAsync().OrBroken("the client");
        Assert.NotNull(provider.GetRequiredService<Client>());
    }
}
