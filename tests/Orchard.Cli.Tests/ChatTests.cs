using System.Text.Json;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary><c>orchard run</c> without a prompt: a chat on the terminal.</summary>
public sealed class ChatTests(EngineFixture fixture)
{
    private const string Question = "What is the capital of France?";

    [Fact]
    public async Task Chat_AnswersAndGoesOnAfterMistakesUntilTheUserLeaves()
    {
        CommandRun run = await fixture.ChatAsync(
            ["", "/nonsense", "/set temperature warm", "/set nonsense 1", "/load nowhere.json", Question, "/bye", "never read"], "run", "starter");

        Assert.Equal((0, "The capital of France is Paris.\n"), (run.ExitCode, run.Out));
        Assert.Contains("no command /nonsense", run.Error, StringComparison.Ordinal);
        Assert.Contains("'warm' is not a value of temperature", run.Error, StringComparison.Ordinal);
        Assert.Contains("no setting 'nonsense'", run.Error, StringComparison.Ordinal);
        Assert.Contains("nowhere.json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_Load_TheConversationGoesOn()
    {
        using var folder = new TemporaryRoot();
        string file = Path.Combine(folder.Path, "chat.json");

        await fixture.ChatAsync(["/system Be brief.", "/set seed 7", Question, $"/save {file}"], "run", "starter");
        CommandRun second = await fixture.ChatAsync([$"/load {file}", "/system", "/set", $"/save {file}2", "/clear", $"/save {file}3"], "run", "starter");

        JsonElement saved = JsonDocument.Parse(await File.ReadAllTextAsync(file + "2")).RootElement;
        Assert.Equal(await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(file + "2"));
        Assert.Equal("Be brief.", saved.GetProperty("system").GetString());
        Assert.Equal(["user", "assistant"], saved.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Contains("Be brief.", second.Error, StringComparison.Ordinal);
        Assert.Contains("(Randomness", second.Error, StringComparison.Ordinal); // a setting that is not set is described
        Assert.Equal(0, JsonDocument.Parse(await File.ReadAllTextAsync(file + "3")).RootElement.GetProperty("messages").GetArrayLength());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"messages":[null]}""")]
    [InlineData("""{"messages":[],"settings":{"nonsense":["1"]}}""")]
    [InlineData("""{"messages":[],"settings":{"seed":[]}}""")]
    [InlineData("""{"messages":[],"settings":{"seed":["x"]}}""")]
    [InlineData("""{"messages":[{"role":"nobody","content":"x"}]}""")]
    public async Task Load_FileThatIsNoConversation_IsRefusedAndTheChatGoesOn(string json)
    {
        using var folder = new TemporaryRoot();
        string file = Path.Combine(folder.Path, "chat.json");
        await File.WriteAllTextAsync(file, json);

        CommandRun run = await fixture.ChatAsync([$"/load {file}", Question], "run", "starter");

        Assert.Equal((0, "The capital of France is Paris.\n"), (run.ExitCode, run.Out));
        Assert.DoesNotContain("Loaded", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_SendsWhatWasSaidBeforeWithFilesAndSeveralLines()
    {
        using var root = new TemporaryRoot();
        string notes = Path.Combine(root.Path, "my notes.txt");
        await File.WriteAllTextAsync(notes, "The password is swordfish.\n");
        await using FakeEngine engine = FakeEngine.Listen(root.Path, new EngineScript().Answer("Yes."));

        await CommandRun.StartAsync(
            [
                "one \\", "two", "\"\"\"three", "four\"\"\"", $"Read @\"{notes}\", please, me@example.org", "//slash",
            ],
            "run", engine.ModelPath, "--system", "Be brief.", "--engine-root", root.Path);

        string[] said = [.. engine.Requests[^1].Prompts[0].Messages.Select(message => message.Text)];
        Assert.Equal(4, engine.Requests.Count);
        Assert.Equal(
            [
                "Be brief.", "one \ntwo", "Yes.", "three\nfour", "Yes.",
                $"Read @\"{notes}\", please, me@example.org\n\nContent of the file {notes}:\n```\nThe password is swordfish.\n```", "Yes.", "/slash",
            ],
            said);
    }

    [Fact]
    public async Task Chat_AfterAnError_TheConversationIsAsBefore()
    {
        using var root = new TemporaryRoot();
        EngineScript script = new EngineScript().Answer("Yes.").Answer("break", new FakeReply().Say("half").Fail("out of order"));
        await using FakeEngine engine = FakeEngine.Listen(root.Path, script);

        CommandRun run = await CommandRun.StartAsync(["first", "break", "last"], "run", engine.ModelPath, "--engine-root", root.Path);

        Assert.Contains("out of order", run.Error, StringComparison.Ordinal);
        Assert.Equal(["first", "Yes.", "last"], engine.Requests[^1].Prompts[0].Messages.Select(message => message.Text));
    }
}
