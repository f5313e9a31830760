using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Tools;

public sealed partial class ToolRunTests : IAsyncLifetime
{
    private const string Model = "starter";
    private const string Question = "What is the weather in Rome and Oslo?";

    private readonly FakeEngine _engine = new();
    private Client _client = null!;

    public async ValueTask InitializeAsync() => _client = await _engine.ConnectAsync().OrBroken("the connection");

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Calls_AreExecutedAndTheModelReadsTheResults()
    {
        _engine.Script.Answer(prompt => HasResults(prompt) ? FakeReply.Of("Warm and cold.") : CallsFor("Rome", "Oslo"));
        var asked = new List<Place>();
        Tool tool = Weather((place, _) =>
        {
            asked.Add(place);
            return Task.FromResult(new Report(place.City == "Rome" ? 30 : -5));
        });

        ToolRun run = await _client.RunToolsAsync(Model, Question, With(tool)).OrBroken("the run");

        Assert.Equal("Warm and cold.", run.Answer.Text);
        Assert.Equal([new Place("Rome"), new Place("Oslo")], asked);
        Assert.Equal(["{\"degrees\":30}", "{\"degrees\":-5}"], run.Executions.Select(execution => execution.Result));
        Assert.Equal(
            [MessageRole.Assistant, MessageRole.Tool, MessageRole.Tool, MessageRole.Assistant], run.NewMessages.Select(message => message.Role));
        Assert.Equal(run.Executions.Select(execution => execution.Call.Id), run.NewMessages.Skip(1).Take(2).Select(message => message.ToolCallId));
        Assert.Equal(2, _engine.Requests.Count);
        Assert.Equal(run.Executions.Select(execution => execution.Result), _engine.Requests[1].Prompts[0].ToolResults);
        Assert.True(run.Usage.PromptTokens > run.Answer.Usage.PromptTokens);
    }

    [Fact]
    public async Task ToolThatThrows_TheModelReadsTheErrorAndTheRunContinues()
    {
        _engine.Script.Answer(prompt => HasResults(prompt) ? FakeReply.Of("I do not know.") : CallsFor("Rome"));
        Tool tool = Weather((_, _) => throw new TimeoutException("The weather service is down."));

        ToolRun run = await _client.RunToolsAsync(Model, Question, With(tool)).OrBroken("the run");

        Assert.Equal("I do not know.", run.Answer.Text);
        ToolExecution execution = Assert.Single(run.Executions);
        Assert.IsType<TimeoutException>(execution.Error);
        Assert.Equal("Error: The weather service is down.", execution.Result);
        Assert.Equal([execution.Result], _engine.Requests[1].Prompts[0].ToolResults);
    }

    [Theory]
    [InlineData("{\"city\":5}", "city")]
    [InlineData("{}", "city")]
    public async Task CallThatDoesNotMatchTheSchema_IsNotExecutedAndTheModelReadsWhy(string arguments, string named)
    {
        _engine.Script.Answer(prompt => HasResults(prompt) ? FakeReply.Of("Sorry.") : new FakeReply().Call("get_weather", arguments));

        ToolRun run = await _client.RunToolsAsync(Model, Question, With(Weather((_, _) => throw new InvalidOperationException()))).OrBroken("the run");

        ToolExecution execution = Assert.Single(run.Executions);
        Assert.IsType<ToolCallException>(execution.Error);
        Assert.Contains(named, execution.Result, StringComparison.Ordinal);
        Assert.Equal("Sorry.", run.Answer.Text);
    }

    [Fact]
    public async Task AnswerCutOffByTheLimit_ExecutesNothingAndEndsTheRun()
    {
        _engine.Script.Answer(new FakeReply().Call("get_weather", "{\"city\":\"Rome\"}").BeginCall("get_weather", "{\"city\":\"Os").Finish(FinishReason.Length));

        ToolRun run = await _client.RunToolsAsync(Model, Question, With(Weather((_, _) => throw new InvalidOperationException()))).OrBroken("the run");

        Assert.Equal(FinishReason.Length, run.Answer.FinishReason);
        Assert.Empty(run.Executions);
        Assert.Single(_engine.Requests);
    }

    [Fact]
    public async Task ToolWithoutAHandler_EndsTheRunWithItsCall()
    {
        _engine.Script.Answer(new FakeReply().Call("get_weather", "{\"city\":\"Rome\"}").Call("ask_user", "{}"));

        ToolRun run = await _client.RunToolsAsync(
            Model, Question, With(Weather((_, _) => throw new InvalidOperationException()), new Tool("ask_user"))).OrBroken("the run");

        Assert.Equal(["get_weather", "ask_user"], run.Answer.ToolCalls.Select(call => call.Name));
        Assert.Empty(run.Executions);
    }

    [Fact]
    public async Task ModelThatCallsForEver_IsAskedForAnAnswerWithoutTools()
    {
        _engine.Script.Answer(prompt => prompt.Options.ToolChoice == ToolChoice.None ? FakeReply.Of("Enough.") : CallsFor("Rome"));

        ToolRun run = await _client.RunToolsAsync(
            Model, Question, With(Weather((_, _) => Task.FromResult(new Report(1)))), new ToolRunOptions { MaxRounds = 3 }).OrBroken("the run");

        Assert.Equal("Enough.", run.Answer.Text);
        Assert.Equal(3, run.Executions.Count);
        Assert.Equal(4, _engine.Requests.Count);
    }

    [Fact]
    public async Task RequiredCall_AppliesToTheFirstAnswerOnly()
    {
        _engine.Script.Answer(prompt => prompt.Options.ToolChoice == ToolChoice.Auto ? FakeReply.Of("Done.") : CallsFor("Rome"));
        GenerationOptions options = With(Weather((_, _) => Task.FromResult(new Report(1)))) with { ToolChoice = ToolChoice.Required };

        ToolRun run = await _client.RunToolsAsync(Model, Question, options).OrBroken("the run");

        Assert.Equal("Done.", run.Answer.Text);
        Assert.Single(run.Executions);
    }

    [Fact]
    public async Task ConcurrentCalls_RunAtTheSameTimeAndKeepTheirOrder()
    {
        _engine.Script.Answer(prompt => HasResults(prompt) ? FakeReply.Of("Done.") : CallsFor("Rome", "Oslo"));
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Tool tool = Weather(async (place, _) =>
        {
            if (place.City == "Oslo")
            {
                second.SetResult();
            }

            await second.Task.OrBroken("the second call");
            return new Report(place.City.Length);
        });

        ToolRun run = await _client.RunToolsAsync(Model, Question, With(tool), new ToolRunOptions { MaxConcurrentCalls = 2 }).OrBroken("the run");

        Assert.Equal(["Rome", "Oslo"], run.Executions.Select(execution => execution.Call.ReadArguments(ToolContext.Default.Place).City));
    }

    [Fact]
    public async Task Cancellation_ReachesTheToolAndComesBackWithTheCallersToken()
    {
        _engine.Script.Answer(CallsFor("Rome"));
        using var cancel = new CancellationTokenSource();
        Tool tool = Weather(async (_, cancellationToken) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new Report(0);
        });

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _client.RunToolsAsync(Model, Question, With(tool), cancellationToken: cancel.Token).OrBroken("the cancellation"));

        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Single(_engine.Requests);
    }

    [Fact]
    public async Task OnDelta_SeesThePartsOfAllAnswers()
    {
        _engine.Script.Answer(prompt => HasResults(prompt) ? FakeReply.Of("It is warm.") : CallsFor("Rome"));
        var text = new List<string>();

        await _client.RunToolsAsync(
            Model, Question, With(Weather((_, _) => Task.FromResult(new Report(1)))), new ToolRunOptions { OnDelta = delta => text.Add(delta.Text) }).OrBroken("the run");

        Assert.Equal("It is warm.", string.Concat(text));
    }

    [Fact]
    public void Schema_OfTypedArguments_DescribesThemAndRequiresThoseWithoutADefault()
    {
        Tool tool = Tool.Create("forecast", "A forecast.", ToolContext.Default.ForecastArguments, (_, _) => Task.FromResult("dry"));

        JsonElement properties = tool.Parameters.GetProperty("properties");
        Assert.Equal("Name of the city.", properties.GetProperty("city").GetProperty("description").GetString());
        Assert.Equal(["city", "unit"], tool.Parameters.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Empty(tool.Diagnostics);
    }

    [Fact]
    public async Task TextResult_ReachesTheModelUnquoted()
    {
        _engine.Script.Answer(prompt => HasResults(prompt) ? FakeReply.Of("Done.") : new FakeReply().Call("forecast", "{\"city\":\"Rome\",\"unit\":\"Celsius\"}"));
        Tool tool = Tool.Create("forecast", "A forecast.", ToolContext.Default.ForecastArguments, (arguments, _) => Task.FromResult($"dry in {arguments.City} for {arguments.Days} days"));

        ToolRun run = await _client.Model(Model).RunToolsAsync(Question, With(tool)).OrBroken("the run");

        Assert.Equal("dry in Rome for 3 days", Assert.Single(run.Executions).Result);
    }

    [Fact]
    public void Arguments_OfATypeThatIsNoObject_AreRefused() => Assert.Throws<ArgumentException>(
        () => Tool.Create("forecast", null, ToolContext.Default.String, (_, _) => Task.FromResult("")));

    private static Tool Weather(Func<Place, CancellationToken, Task<Report>> function) =>
        Tool.Create("get_weather", "Returns the weather in a city.", ToolContext.Default.Place, ToolContext.Default.Report, function);

    private static GenerationOptions With(params Tool[] tools) => new() { Tools = tools };

    private static FakeReply CallsFor(params string[] cities) =>
        cities.Aggregate(new FakeReply(), (reply, city) => reply.Call("get_weather", $"{{\"city\":\"{city}\"}}"));

    private static bool HasResults(FakePrompt prompt) => prompt.ToolResults.Count > 0;

    internal sealed record Place(string City);

    internal sealed record Report(int Degrees);

    internal sealed record ForecastArguments([property: Description("Name of the city.")] string City, Unit Unit, int Days = 3);

    [JsonConverter(typeof(JsonStringEnumConverter<Unit>))]
    internal enum Unit
    {
        Celsius,
        Fahrenheit,
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Place))]
    [JsonSerializable(typeof(Report))]
    [JsonSerializable(typeof(ForecastArguments))]
    internal sealed partial class ToolContext : JsonSerializerContext;
}
