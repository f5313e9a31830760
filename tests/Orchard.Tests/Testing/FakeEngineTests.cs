using Microsoft.Extensions.Time.Testing;
using Orchard.Connection;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Events;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Testing;

public sealed class FakeEngineTests
{
    private const string Model = "starter";

    [Fact]
    public async Task Script_SeveralRulesFit_TheOneAddedLastCounts()
    {
        var script = new EngineScript().Answer("any").Answer("known", "special").Answer(prompt => prompt.Question == "known too" ? FakeReply.Of("by rule") : null);
        await using var engine = new FakeEngine(script);
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        Assert.Equal("any", await AskAsync(client, "unknown"));
        Assert.Equal("special", await AskAsync(client, "known"));
        Assert.Equal("by rule", await AskAsync(client, "known too"));
        script.Answer("from now on");
        Assert.Equal("from now on", await AskAsync(client, "known"));
    }

    [Theory]
    [InlineData("What is the \"capital\" of France?\nQuick!", """has no answer to the question "What is the \"capital\" of France?\nQuick!".""")]
    [InlineData("Hi", """Add one: engine.Script.Answer("Hi", "…").""")]
    public async Task Script_NoRuleFits_FailsAndShowsTheRuleThatIsMissing(string question, string expected)
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("another question", "an answer"));
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        var error = await Assert.ThrowsAsync<RequestRejectedException>(() => AskAsync(client, question));

        Assert.Equal(EngineScript.UnscriptedQuestion, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_NoRuleFitsALongQuestion_ShowsItsBeginning()
    {
        await using var engine = new FakeEngine();
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        var error = await Assert.ThrowsAsync<RequestRejectedException>(() => AskAsync(client, new string('x', 299) + "😀" + new string('y', 10_000)));

        Assert.Contains($"prompt.Question.StartsWith(\"{new string('x', 299)}\") ? ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("yyy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_NoRuleFitsToolResults_SaysSo()
    {
        await using var engine = new FakeEngine();
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        var error = await Assert.ThrowsAsync<RequestRejectedException>(() => client.ChatAsync(
            Model, [Message.User("add"), Message.Assistant("", [new ToolCall("1", "add", "{}")]), Message.Tool("1", "5")]).OrBroken("the refusal"));

        Assert.Contains("prompt.ToolResults.Count > 0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("starter")]
    [InlineData("gpt-oss")]
    [InlineData("/models/that-is-not-here.gguf")]
    [InlineData("owner/repository:Q4_K_M")]
    public async Task Model_OfAnyName_NeedsNoFile(string model)
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("ok"));
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        Assert.Equal("ok", (await client.ChatAsync(model, "anything").OrBroken("the answer")).Text);
        Assert.Equal(ModelState.Ready, client.Models.GetStatus(model).State);
    }

    [Fact]
    public async Task Model_ThatTheScriptMisses_IsNotFound()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("ok").MissModels("gone"));
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        await Assert.ThrowsAsync<ModelNotFoundException>(() => client.ChatAsync("gone", "anything").OrBroken("the refusal"));
        Assert.Equal("ok", (await client.ChatAsync("there", "anything").OrBroken("the answer")).Text);
    }

    [Fact]
    public async Task Listen_ModelPath_IsAFileForClientsThatLookForOne()
    {
        string root = TestFolder.Create();
        try
        {
            string path;
            await using (FakeEngine engine = FakeEngine.Listen(root, new EngineScript().Answer("ok")))
            {
                path = engine.ModelPath;
                await using Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = root, StartEngine = false }).OrBroken("the connection");
                Assert.Equal("ok", (await client.ChatAsync(path, "anything").OrBroken("the answer")).Text);
            }

            Assert.False(File.Exists(path));
        }
        finally
        {
            TestFolder.Delete(root);
        }
    }

    [Fact]
    public async Task Script_RuleThrows_CallFailsWithWhatItThrew()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(_ => throw new NotSupportedException("a mistake in the test")));
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        var error = await Assert.ThrowsAsync<RequestRejectedException>(() => AskAsync(client, "anything"));

        Assert.Contains("a mistake in the test", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_ItemValues_AreLeftOutByOrchardEnginesOnly(bool isOrchardEngine)
    {
        var script = new EngineScript().Answer(new FakeReply().Reason("Hm.").Say("Yes."));
        await using var engine = new FakeEngine(isOrchardEngine ? script : script.HideIdentity());
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        Assert.Equal("Yes.", await AskAsync(client, "anything"));

        Assert.Equal(isOrchardEngine, Assert.Single(engine.Requests).Frame.OmitsItemValues);
    }

    [Theory]
    [InlineData("")]
    [InlineData("word")]
    [InlineData("some words")]
    [InlineData("  wide   open ")]
    public async Task Reply_OfText_ArrivesUnchanged(string text)
    {
        await using var engine = new FakeEngine(new EngineScript().Answer(text));
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        Assert.Equal(text, await AskAsync(client, "anything"));
    }

    [Fact]
    public async Task Reply_Delay_WaitsForTheEnginesClock()
    {
        var time = new FakeTimeProvider();
        var waiting = new EngineGate();
        waiting.Open();
        await using var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Wait(waiting).Wait(TimeSpan.FromHours(1)).Say("late")), time);
        await using Client client = await engine.ConnectAsync(new ClientOptions { StallTimeout = null }).OrBroken("the connection");
        Task<string> answer = AskAsync(client, "anything");
        await waiting.Reached.OrBroken("the request");

        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromHours(1)); // again, should the engine not have begun to wait yet
            await Task.Yield();
        }

        Assert.Equal("late", await answer);
    }

    [Fact]
    public async Task Reply_LostDelta_LeavesAGapInTheTokenCount()
    {
        var script = new EngineScript().HideIdentity().Answer(new FakeReply().Say("one ").Drop("two ").Say("three")); // nobody checks its counts
        await using var engine = new FakeEngine(script);
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        ChatResult answer = await client.ChatAsync(Model, "count").OrBroken("the answer");

        Assert.Equal("one three", answer.Text);
        Assert.Equal(3, answer.Usage.CompletionTokens);
    }

    [Fact]
    public async Task Reply_Repeated_SendsTheDeltaTwice()
    {
        var script = new EngineScript().HideIdentity().Answer(new FakeReply().Say("again ").Repeat().Say("done"));
        await using var engine = new FakeEngine(script);
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        Assert.Equal("again again done", await AskAsync(client, "anything"));
    }

    [Fact]
    public async Task Listen_RealClient_AttachesThroughTheSocketsAndSeesTheCrash()
    {
        string root = TestFolder.Create();
        try
        {
            await using FakeEngine engine = FakeEngine.Listen(root, new EngineScript().Answer("ok").Answer("die", new FakeReply().Crash()));
            await using Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = root, StartEngine = false }).OrBroken("the connection");
            Assert.Equal("ok", await AskAsync(client, "anything"));

            var error = await Assert.ThrowsAsync<EngineDiedException>(() => AskAsync(client, "die"));

            Assert.Equal(Environment.ProcessId, error.ProcessId);
            await Assert.ThrowsAsync<EngineStartException>(() => AskAsync(client, "anything"));
        }
        finally
        {
            TestFolder.Delete(root);
        }
    }

    [Fact]
    public async Task Connect_RegistrationRefused_ThrowsAndTheNextOneSucceeds()
    {
        await using var engine = new FakeEngine(new EngineScript().Answer("ok").RefuseRegistrations(1));

        await Assert.ThrowsAsync<EngineStartException>(() => engine.ConnectAsync().OrBroken("the refusal"));
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");

        Assert.Equal("ok", await AskAsync(client, "anything"));
    }

    [Fact]
    public async Task Heartbeat_EachPeriod_ReachesTheClientWithTheProcessIdAndTheModels()
    {
        var time = new FakeTimeProvider();
        await using var engine = new FakeEngine(new EngineScript().SendHeartbeats(TimeSpan.FromSeconds(1)), time);
        await using Client client = await engine.ConnectAsync().OrBroken("the connection");
        ModelInfo model = await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        Assert.Null(client.CurrentSession!.Heartbeats.Last);

        time.Advance(TimeSpan.FromSeconds(1));
        Telemetry heartbeat = await Task.Run(async () =>
        {
            Telemetry? last;
            while ((last = client.CurrentSession!.Heartbeats.Last) is null)
            {
                await Task.Yield();
            }

            return last;
        }).OrBroken("a heartbeat");

        Assert.Equal(engine.ProcessId, heartbeat.Health.Pid);
        Assert.Equal(model.Id, Assert.Single(heartbeat.Models).CanonicalId);
    }

    [Fact]
    public async Task Dispose_RepliesAndLoadsInFlight_ClientsSeeTheEngineDie()
    {
        var engine = new FakeEngine(new EngineScript().Answer(new FakeReply().Stall()));
        await using Client client = await engine.ConnectAsync(new ClientOptions { ReplayUnansweredCalls = false }).OrBroken("the connection");
        Task<string> answer = AskAsync(client, "anything");
        await engine.NextRequestAsync().OrBroken("the request");

        await engine.DisposeAsync().AsTask().OrBroken("the disposal");

        await Assert.ThrowsAsync<EngineDiedException>(() => answer);
    }

    private static async Task<string> AskAsync(Client client, string question) =>
        (await client.ChatAsync(Model, question).OrBroken($"the answer to '{question}'")).Text;
}
