using Microsoft.Extensions.AI;
using Orchard.Extensions.AI.Tests.Conformance;
using Orchard.TestSupport;

namespace Orchard.Server.Tests.Conformance;

/// <summary>Through HTTP an engine gives the answers that it gives directly.</summary>
/// <remarks>
/// Requests are those that OpenAI's client sends as they are. It rewrites the bounds of numbers in schemas, and the results of functions
/// that are no texts: another prompt may have another answer.
/// </remarks>
/// <param name="host">One for all tests of a class.</param>
public abstract class SameAnswersContract(HttpHost host)
{
    private const string Question = "What is the capital of France?";

    private static readonly AIFunction Weather =
        AIFunctionFactory.Create((string city) => $"Sunny in {city}", "get_weather", "Gets the current weather of a city.");

    private static readonly Dictionary<string, (ChatMessage[] Messages, ChatOptions Options)> Requests = new()
    {
        ["question"] = ([User(Question)], new()),
        ["greedy"] = ([User("Write three sentences about the sea.")], new() { Temperature = 0, MaxOutputTokens = 60 }),
        ["sampled"] = (
            [User("Write three sentences about the sea.")],
            new() { Temperature = 0.8f, TopP = 0.9f, Seed = 7, MaxOutputTokens = 60 }),
        ["penalties"] = (
            [User("Count from 1 to 10.")],
            new() { Temperature = 0, FrequencyPenalty = 0.5f, PresencePenalty = 0.25f, MaxOutputTokens = 40 }),
        ["system"] = (
            [new ChatMessage(ChatRole.System, "You are a pirate."), User(Question)], new() { Temperature = 0, MaxOutputTokens = 40 }),
        ["instructions"] = ([User(Question)], new() { Instructions = "You are a pirate.", Temperature = 0, MaxOutputTokens = 40 }),
        ["turns"] = (
            [User(Question), new ChatMessage(ChatRole.Assistant, "The capital of France is Paris."), User("And of Italy?")],
            new() { Temperature = 0, MaxOutputTokens = 40 }),
        ["stop"] = ([User(Question)], new() { Temperature = 0, StopSequences = ["Paris"] }),
        ["length"] = ([User(Question)], new() { Temperature = 0, MaxOutputTokens = 3 }),
        ["object"] = (
            [User("Give me a JSON object for Paris.")],
            new() { Temperature = 0, ResponseFormat = ChatResponseFormat.Json, MaxOutputTokens = 60 }),
        ["schema"] = (
            [User("Give me a JSON object for Paris.")],
            new() { Temperature = 0, ResponseFormat = ChatResponseFormat.ForJsonSchema<City>(), MaxOutputTokens = 60 }),
        ["tool auto"] = ([User(ChatClientHost.ToolQuestion)], new() { Temperature = 0, Tools = [Weather], MaxOutputTokens = 100 }),
        ["tool required"] = (
            [User(Question)], new() { Temperature = 0, Tools = [Weather], ToolMode = ChatToolMode.RequireAny, MaxOutputTokens = 100 }),
        ["tool named"] = (
            [User(Question)],
            new() { Temperature = 0, Tools = [Weather], ToolMode = ChatToolMode.RequireSpecific("get_weather"), MaxOutputTokens = 100 }),
        ["tool result"] = (
            [
                User(ChatClientHost.ToolQuestion),
                new ChatMessage(
                    ChatRole.Assistant,
                    [new FunctionCallContent("call_1", "get_weather", new Dictionary<string, object?> { ["city"] = "Paris" })]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_1", "24 degrees and sunny")]),
            ],
            new() { Temperature = 0, Tools = [Weather], MaxOutputTokens = 40 }),
        ["tool none"] = (
            [User(ChatClientHost.ToolQuestion)],
            new() { Temperature = 0, Tools = [Weather], ToolMode = ChatToolMode.None, MaxOutputTokens = 60 }),
    };

    public static TheoryData<string> Names => [.. Requests.Keys];

    /// <summary>Requests that the API has no fields for.</summary>
    protected virtual IReadOnlyCollection<string> Unsupported => [];

    /// <summary>Whether OpenAI's client reads why an answer ended and its token counts, streamed or not.</summary>
    protected virtual bool HasAllFacts => true;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answer_IsTheOneWithoutHttp(string name)
    {
        Assert.SkipWhen(Unsupported.Contains(name), "The API has no field for it.");
        (ChatMessage[] messages, ChatOptions options) = Requests[name];

        ChatResponse direct = await host.Direct.GetResponseAsync(messages, options).OrBroken("the direct answer");
        ChatResponse whole = await host.Client.GetResponseAsync(messages, options).OrBroken("the answer");
        ChatResponse joined = await host.Client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync().OrBroken("the stream");

        Assert.Equal(Said(direct), Said(whole));
        Assert.Equal(Said(direct), Said(joined));
        if (HasAllFacts)
        {
            Assert.Equal(Facts(direct, options), Facts(whole, options));
            Assert.Equal(Facts(direct, options), Facts(joined, options));
        }
    }

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static (string Text, string Calls) Said(ChatResponse response) => (
        response.Text,
        string.Join("; ", response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(
            call => $"{call.Name}({string.Join(", ", call.Arguments!.Select(argument => $"{argument.Key}: {argument.Value}"))})")));

    // OpenAI's client adds members to the schemas of tools, so that prompts are longer.
    private static (ChatFinishReason? Reason, long? Output, long? Input) Facts(ChatResponse response, ChatOptions options) => (
        response.FinishReason,
        response.Usage!.OutputTokenCount,
        options.Tools is { Count: > 0 } ? null : response.Usage.InputTokenCount);

    private sealed record City(bool IsCapital, int Rank);
}
