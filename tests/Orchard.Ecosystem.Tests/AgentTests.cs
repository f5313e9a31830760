using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;

namespace Orchard.Ecosystem.Tests;

/// <summary>Agent Framework: agents, sessions and workflows.</summary>
public sealed class AgentTests(EngineFixture fixture)
{
    private const string Question = "What is the capital of France?";

    private const string ToolQuestion = "What is the weather in Paris?";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agent_WithInstructionsAndATool_AnswersFromItsResult(bool streams)
    {
        string? asked = null;
        AIAgent agent = Agent("helper", "You are a helpful assistant.", Weather(city => asked = city));

        AgentResponse response = streams
            ? await agent.RunStreamingAsync(ToolQuestion).ToAgentResponseAsync().OrBroken("the answer")
            : await agent.RunAsync(ToolQuestion).OrBroken("the answer");

        Assert.Equal("Paris", asked);
        Assert.NotEqual("", response.Text);
    }

    [Fact]
    public async Task Agent_ASystemMessageBesideItsInstructions_Answers()
    {
        AgentResponse response = await Agent("helper", "Be brief.").RunAsync(
            [new ChatMessage(ChatRole.System, "Be kind."), new ChatMessage(ChatRole.User, Question)]).OrBroken("the answer");

        Assert.NotEqual("", response.Text);
    }

    [Fact]
    public async Task Session_RestoredByAnAgentWithOtherTools_GoesOn()
    {
        AIAgent first = Agent("first", null, Weather(_ => { }));
        AgentSession session = await first.CreateSessionAsync();
        await first.RunAsync(ToolQuestion, session).OrBroken("the answer with a tool");
        JsonElement saved = await first.SerializeSessionAsync(session);

        AIAgent second = Agent("second", null, AIFunctionFactory.Create((int a, int b) => a + b, "add", "Add two numbers."));
        AgentSession restored = await second.DeserializeSessionAsync(saved);
        AgentResponse response = await second.RunAsync(Question, restored).OrBroken("the answer after it");

        Assert.NotEmpty(response.Messages);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Approval_AndTheTurnsAfterIt_GoOn(bool approves)
    {
        string? asked = null;
        AIAgent agent = Agent("careful", null, new ApprovalRequiredAIFunction((AIFunction)Weather(city => asked = city)));
        AgentSession session = await agent.CreateSessionAsync();

        AgentResponse response = await agent.RunAsync(ToolQuestion, session).OrBroken("the request for an approval");
        var request = Assert.IsType<ToolApprovalRequestContent>(
            Assert.Single(response.Messages.SelectMany(message => message.Contents), content => content is ToolApprovalRequestContent));
        await agent.RunAsync(new ChatMessage(ChatRole.User, [request.CreateResponse(approves)]), session).OrBroken("the answer");
        AgentResponse later = await agent.RunAsync(Question, session).OrBroken("the turn after it");
        AgentResponse last = await agent.RunAsync("Hello!", session).OrBroken("the turn after that");

        Assert.Equal(approves ? "Paris" : null, asked);
        Assert.NotEmpty(later.Messages);
        Assert.NotEmpty(last.Messages);
    }

    [Fact]
    public async Task Approval_WithoutMiddlewareInTheTurnAfterIt_IsHistory()
    {
        var call = new FunctionCallContent("a1", "get_weather", new Dictionary<string, object?> { ["city"] = "Paris" });
        var request = new ToolApprovalRequestContent("r1", call);

        ChatResponse response = await fixture.Chat.GetResponseAsync(
            [
                new(ChatRole.User, ToolQuestion), new(ChatRole.Assistant, [request]), new(ChatRole.User, [request.CreateResponse(true)]),
                new(ChatRole.Assistant, [call]), new(ChatRole.Tool, [new FunctionResultContent("a1", "18 degrees")]), new(ChatRole.User, Question),
            ]).OrBroken("the answer");

        Assert.NotEqual("", response.Text);
    }

    [Fact]
    public async Task Workflow_Sequential_EachAgentAnswers()
    {
        Workflow workflow = AgentWorkflowBuilder.BuildSequential([Agent("one", "Be brief."), Agent("two", "Be kind.")]);

        Assert.True(await CountAnswersAsync(workflow, Question) >= 2);
    }

    [Fact]
    public async Task Workflow_Concurrent_EachAgentAnswers()
    {
        Workflow workflow = AgentWorkflowBuilder.BuildConcurrent([Agent("one", null), Agent("two", null), Agent("three", null)]);

        Assert.True(await CountAnswersAsync(workflow, Question) >= 3);
    }

    [Fact]
    public async Task Workflow_GroupChat_TakesItsTurns()
    {
        Workflow workflow = AgentWorkflowBuilder
            .CreateGroupChatBuilderWith(agents => new RoundRobinGroupChatManager(agents) { MaximumIterationCount = 4 })
            .AddParticipants([Agent("one", "Be brief."), Agent("two", "Be kind.", Weather(_ => { }))])
            .Build();

        Assert.True(await CountAnswersAsync(workflow, Question) >= 4);
    }

    [Fact]
    public async Task Workflow_Handoff_Answers()
    {
        AIAgent triage = Agent("triage", "Hand off questions about the weather.");
        AIAgent weather = new ChatClientAgent(fixture.Chat, "Answer questions about the weather.", "weather", "Knows the weather.", [Weather(_ => { })]);
        Workflow workflow = AgentWorkflowBuilder.CreateHandoffBuilderWith(triage).WithHandoffs(triage, [weather]).WithHandoff(weather, triage, "Anything else.").Build();

        Assert.True(await CountAnswersAsync(workflow, ToolQuestion) >= 1);
    }

    private ChatClientAgent Agent(string name, string? instructions, params AITool[] tools) =>
        new ChatClientAgent(fixture.Chat, instructions, name, $"The agent {name}.", tools);

    private static AIFunction Weather(Action<string> onCall) => AIFunctionFactory.Create(
        (string city) =>
        {
            onCall(city);
            return new { temperature = 18, condition = "sunny" };
        },
        "get_weather",
        "Get the current weather for a city.");

    // Runs to the end and returns how many responses there were; an error of an agent fails the test.
    private static async Task<int> CountAnswersAsync(Workflow workflow, string question)
    {
        var answers = new HashSet<string?>();
        var run = await InProcessExecution.RunStreamingAsync(workflow, new List<ChatMessage> { new(ChatRole.User, question) }).AsTask().OrBroken("the start");
        await using (run)
        {
            Assert.True(await run.TrySendMessageAsync(new TurnToken(emitEvents: true)));
            await ReadAsync().OrBroken("the end of the workflow");
        }

        return answers.Count;

        async Task ReadAsync()
        {
            await foreach (WorkflowEvent step in run.WatchStreamAsync())
            {
                switch (step)
                {
                    case AgentResponseUpdateEvent update:
                        answers.Add(update.Update.ResponseId);
                        break;
                    case WorkflowErrorEvent { Data: Exception error }:
                        throw new InvalidOperationException("The workflow failed.", error);
                    case ExecutorFailedEvent { Data: { } error }:
                        throw new InvalidOperationException("An agent failed.", error as Exception);
                    default:
                        break;
                }
            }
        }
    }
}
