using System.Text.Json;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary><c>orchard run</c> with a prompt or piped input.</summary>
public sealed class RunCommandTests(EngineFixture fixture)
{
    private const string Question = "What is the capital of France?";
    private const string Answer = "The capital of France is Paris.\n";

    [Fact]
    public async Task Prompt_OnlyTheAnswerIsOnStandardOutput()
    {
        CommandRun run = await fixture.RunAsync("run", "starter", Question);

        Assert.Equal((0, Answer, ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task PipedInput_IsThePrompt()
    {
        CommandRun run = await CommandRun.StartAsync(Question + "\n", "run", "starter", "--engine-root", fixture.EngineRoot);

        Assert.Equal((0, Answer), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task Words_AreJoinedAndSpeedIsANote()
    {
        CommandRun run = await fixture.RunAsync("run", "starter", "What", "is", "the", "capital", "of", "France?", "--speed");

        Assert.Equal((0, Answer), (run.ExitCode, run.Out));
        Assert.Contains("first token after", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_HasTheAnswerAndItsUsage()
    {
        CommandRun run = await fixture.RunAsync("run", "starter", Question, "--json");

        Assert.Equal(Answer.Trim(), run.Json.GetProperty("text").GetString());
        Assert.Equal("stop", run.Json.GetProperty("finish_reason").GetString());
        Assert.InRange(run.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32(), 1, 100);
    }

    [Fact]
    public async Task Settings_ReachTheModel()
    {
        using var folder = new TemporaryRoot();
        string schema = Path.Combine(folder.Path, "schema.json");
        await File.WriteAllTextAsync(schema, """{ "type": "object", "properties": { "city": { "enum": ["Paris"] } }, "required": ["city"], "additionalProperties": false }""");

        CommandRun formatted = await fixture.RunAsync("run", "starter", Question, "--format", schema, "--seed", "1");
        CommandRun limited = await fixture.RunAsync("run", "starter", Question, "--max-tokens", "3", "--json");
        CommandRun stopped = await fixture.RunAsync("run", "starter", Question, "--stop", " France", "--stop", "xyz");

        Assert.Equal("Paris", JsonDocument.Parse(formatted.Out).RootElement.GetProperty("city").GetString());
        Assert.Equal("length", limited.Json.GetProperty("finish_reason").GetString());
        Assert.Equal("The capital of\n", stopped.Out);
    }

    [Theory]
    [InlineData(2, "temperature", "run", "starter", "Hello", "--temperature", "warm")]
    [InlineData(2, "no-such-file", "run", "starter", "Hello", "--format", "no-such-file")]
    [InlineData(2, "orchard: temperature is -1; allowed is 0 to 10.\n", "run", "starter", "Hello", "--temperature", "-1")]
    [InlineData(2, "orchard: max-tokens is 0; allowed is 1 to 1048576.\n", "run", "starter", "Hello", "--max-tokens", "0")]
    [InlineData(2, "run", "rum", "starter")]
    [InlineData(2, "no prompt", "run", "starter")]
    [InlineData(2, "--no-such-option", "run", "starter", "Hello", "--no-such-option")]
    [InlineData(2, "orchard show --help", "show")]
    [InlineData(3, "starter", "run", "startr", "Hello")]
    [InlineData(3, "missing.gguf", "run", "./missing.gguf", "Hello")]
    public async Task Mistake_IsNamedWithItsExitCode(int code, string named, params string[] arguments)
    {
        CommandRun run = await fixture.RunAsync(arguments);

        Assert.Equal((code, ""), (run.ExitCode, run.Out));
        Assert.Contains(named, run.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileThatIsNoModel_ExitCodeOfLoadFailures()
    {
        string path = Path.Combine(fixture.EngineRoot, "text.gguf");
        await File.WriteAllTextAsync(path, "This is no model.");

        CommandRun run = await fixture.RunAsync("run", path, "Hello");

        Assert.Equal((6, ""), (run.ExitCode, run.Out));
        Assert.Contains(path, run.Error, StringComparison.Ordinal);
    }
}
