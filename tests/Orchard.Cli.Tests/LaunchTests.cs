using System.Text.Json;
using Orchard.Cli.Launch;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary><c>orchard launch</c>: prints settings, and changes a file only after a question.</summary>
public sealed class LaunchTests : IDisposable
{
    private static readonly LaunchTarget Target = new() { Url = "http://127.0.0.1:1", Model = "owner/name:Q8_0" };

    private readonly TemporaryRoot _home = new();

    public static TheoryData<string> Names => [.. ClientSetups.All.Select(setup => setup.Name)];

    public void Dispose() => _home.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EveryClient_ItsSettingsNameTheServer(string name)
    {
        CommandRun run = await CommandRun.StartAsync("", "launch", name, "--url", "http://127.0.0.1:77/", "--model", "some model");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("http://127.0.0.1:77", run.Out, StringComparison.Ordinal);
        Assert.Equal(name != "env", (run.Out + run.Error).Contains("some model", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("codex", "starter", true)]
    [InlineData("claude", "starter", true)]
    [InlineData("opencode", "starter", true)]
    [InlineData("opencode", "owner/name", false)]
    [InlineData("aider", "starter", false)]
    public async Task Agents_WithTheStarterModel_AreWarnedOfItsContext(string name, string model, bool isWarned)
    {
        CommandRun run = await CommandRun.StartAsync("", "launch", name, "--model", model);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(isWarned, run.Error.Contains("--model", StringComparison.Ordinal) && run.Error.Contains("thousands of tokens", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_IsMergedAndWhatElseIsThereStays()
    {
        string path = Write("settings.json", """{ "theme": "dark", "env": { "OTHER": "1", "ANTHROPIC_MODEL": "old" } }""");
        ClientSetup claude = ClientSetups.All.Single(setup => setup.Name == "claude");

        string merged = SettingsFile.Merge(claude, claude.Settings(Target), path);

        JsonElement json = JsonDocument.Parse(merged).RootElement;
        Assert.Equal("dark", json.GetProperty("theme").GetString());
        Assert.Equal("1", json.GetProperty("env").GetProperty("OTHER").GetString());
        Assert.Equal(Target.Model, json.GetProperty("env").GetProperty("ANTHROPIC_MODEL").GetString());
        Assert.Equal(merged, SettingsFile.Merge(claude, claude.Settings(Target), Write("again.json", merged)));
    }

    [Theory]
    [InlineData("// mine\n{}")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Json_ThatWouldLoseSomething_IsRefused(string existing)
    {
        ClientSetup claude = ClientSetups.All.Single(setup => setup.Name == "claude");
        string path = Write("settings.json", existing);

        UsageException error = Assert.Throws<UsageException>(() => SettingsFile.Merge(claude, claude.Settings(Target), path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2048, 512)]
    [InlineData(1_000_000, 32_000)]
    public void OpenCode_GetsTheLimitsOfTheModel_SoThatItCompactsInTime(int contextLength, int answer)
    {
        ClientSetup setup = ClientSetups.All.Single(known => known.Name == "opencode");

        JsonElement json = JsonDocument.Parse(setup.Settings(Target with { ContextLength = contextLength })).RootElement;

        JsonElement limit = json.GetProperty("provider").GetProperty("orchard").GetProperty("models").GetProperty(Target.Model)
            .GetProperty("limit");
        Assert.Equal((contextLength, answer), (limit.GetProperty("context").GetInt32(), limit.GetProperty("output").GetInt32()));
    }

    [Theory]
    [InlineData("codex", "model_provider = \"orchard\"\nmodel_context_window = 2048\n")]
    [InlineData("continue", "\n    defaultCompletionOptions:\n      contextLength: 2048\n      maxTokens: 512")]
    public void OtherClientsThatNeedIt_GetTheContextLength(string name, string expected)
    {
        ClientSetup setup = ClientSetups.All.Single(known => known.Name == name);

        string settings = setup.Settings(Target with { ContextLength = 2048 });

        Assert.Contains(expected, settings, StringComparison.Ordinal);
        Assert.DoesNotContain("2048", setup.Settings(Target), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAServer_TheMissingContextLengthIsSaid()
    {
        CommandRun run = await CommandRun.StartAsync("", "launch", "opencode", "--url", "http://127.0.0.1:1", "--model", "owner/name");

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("limit", run.Out, StringComparison.Ordinal);
        Assert.Contains("orchard serve", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Codex_HasAProfileOfItsOwn_WhichIsReplaced()
    {
        ClientSetup codex = ClientSetups.All.Single(setup => setup.Name == "codex");
        string path = Write("orchard.config.toml", "model = \"old\"\n\n[model_providers.orchard]\nname = \"old\"\n");

        string content = SettingsFile.Merge(codex, codex.Settings(Target), path);

        Assert.StartsWith($"model = \"{Target.Model}\"\nmodel_provider = \"orchard\"\n", content, StringComparison.Ordinal);
        Assert.DoesNotContain("old", content, StringComparison.Ordinal);
        Assert.Equal((".codex/orchard.config.toml", "codex --profile orchard"), (codex.File, codex.Start!(Target)));
    }

    [Fact]
    public async Task Write_NeedsConsent()
    {
        (string, string?)[] environment = [("HOME", _home.Path)];
        string path = Path.Combine(_home.Path, ".codex", "orchard.config.toml");

        CommandRun refused = await CommandProcess.RunAsync(environment, "launch", "codex", "--write");
        Assert.False(File.Exists(path));
        CommandRun written = await CommandProcess.RunAsync(environment, "launch", "codex", "--write", "--yes");
        CommandRun shell = await CommandProcess.RunAsync(environment, "launch", "env", "--write", "--yes");

        Assert.Equal([2, 0, 2], [refused.ExitCode, written.ExitCode, shell.ExitCode]);
        Assert.Contains("[model_providers.orchard]", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_KeepsACopyTheModeAndTheLink()
    {
        string target = Write("real.toml", "before");
        string link = Path.Combine(_home.Path, "config.toml");
        File.CreateSymbolicLink(link, target);

        SettingsFile.Write(link, "after");

        Assert.Equal(("after", "before"), (File.ReadAllText(target), File.ReadAllText(target + SettingsFile.BackupSuffix)));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Theory]
    [InlineData("plain-1.0:x/y", "plain-1.0:x/y")]
    [InlineData("it's $HOME", "'it'\\''s $HOME'")]
    [InlineData("", "''")]
    public void ShellWord_IsOneWord(string text, string word) => Assert.Equal(word, ShellWord.Quote(text));

    private string Write(string name, string content)
    {
        string path = Path.Combine(_home.Path, name);
        File.WriteAllText(path, content);
        return path;
    }
}
