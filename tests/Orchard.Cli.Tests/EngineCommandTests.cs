using System.Text.Json;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary>The commands about the engine and the models in it.</summary>
public sealed class EngineCommandTests(EngineFixture fixture)
{
    [Fact]
    public async Task NoEngine_PsAndStopSaySoAndStartNone()
    {
        using var root = new TemporaryRoot();

        CommandRun ps = await CommandRun.StartAsync("", "ps", "--engine-root", root.Path);
        CommandRun json = await CommandRun.StartAsync("", "ps", "--json", "--engine-root", root.Path);
        CommandRun stop = await CommandRun.StartAsync("", "stop", "--engine-root", root.Path);
        CommandRun unload = await CommandRun.StartAsync("", "stop", "starter", "--json", "--engine-root", root.Path);

        Assert.Equal([0, 0, 0, 0], [ps.ExitCode, json.ExitCode, stop.ExitCode, unload.ExitCode]);
        Assert.Contains("No engine is running", ps.Out, StringComparison.Ordinal);
        Assert.False(json.Json.GetProperty("is_running").GetBoolean());
        Assert.Contains("No engine was running", stop.Out, StringComparison.Ordinal);
        Assert.False(unload.Json.GetProperty("was_running").GetBoolean());
        Assert.False(InferenceEngine.IsRunning(new ClientOptions { EngineRoot = root.Path }));
    }

    [Fact]
    public async Task Cache_ShowsAndClearsWhatIsKeptOfPrompts()
    {
        using var root = new TemporaryRoot();
        string model = Path.Combine(root.Path, "prefixes", "0123");
        Directory.CreateDirectory(model);
        await File.WriteAllTextAsync(Path.Combine(model, "model"), "/model.gguf");
        await File.WriteAllBytesAsync(Path.Combine(model, "a.prefix"), new byte[1_500]);
        await File.WriteAllBytesAsync(Path.Combine(model, "b.prefix"), new byte[500]);

        CommandRun shown = await CommandRun.StartAsync("", "cache", "--engine-root", root.Path);
        CommandRun cleared = await CommandRun.StartAsync("", "cache", "clear", "--json", "--engine-root", root.Path);
        CommandRun again = await CommandRun.StartAsync("", "cache", "clear", "--engine-root", root.Path);

        Assert.Equal([0, 0, 0], [shown.ExitCode, cleared.ExitCode, again.ExitCode]);
        Assert.StartsWith("2 files with 2 kB", shown.Out, StringComparison.Ordinal);
        Assert.Equal(2_000, cleared.Json.GetProperty("bytes").GetInt32());
        Assert.StartsWith("Deleted 0 files", again.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(model));
    }

    [Fact]
    public async Task Ps_ShowsModelsOfOtherApplications()
    {
        CommandRun table = await fixture.RunAsync("ps");
        CommandRun json = await fixture.RunAsync("ps", "--json");

        Assert.Contains($"Engine process {fixture.Engine.ProcessId}", table.Out, StringComparison.Ordinal);
        Assert.Equal(fixture.Engine.ProcessId, json.Json.GetProperty("process_id").GetInt32());
        JsonElement starter = json.Json.GetProperty("models").EnumerateArray().Single(model => model.GetProperty("name").GetString() == "starter");
        Assert.Equal("ready", starter.GetProperty("state").GetString());
        Assert.True(InferenceEngine.IsRunning(new ClientOptions { EngineRoot = fixture.EngineRoot }));
    }

    [Fact]
    public async Task Stop_UnloadsAModelThatAnotherApplicationHasLoaded()
    {
        string model = fixture.CopyOfStarter();
        ModelInfo info = await fixture.Client.Models.EnsureLoadedAsync(model);

        CommandRun stopped = await fixture.RunAsync("stop", model);
        EngineSnapshot engine = await fixture.Client.GetEngineSnapshotAsync();
        while (engine.Models.Any(loaded => loaded.Id == info.Id)) // the next heartbeat says so
        {
            engine = await fixture.Client.GetEngineSnapshotAsync();
            await Task.Yield();
        }

        CommandRun again = await fixture.RunAsync("stop", model);

        Assert.Equal((0, $"Unloaded {model}.\n"), (stopped.ExitCode, stopped.Out));
        Assert.Equal((0, $"{model} was not loaded.\n"), (again.ExitCode, again.Out));
        ChatResult answer = await fixture.Client.ChatAsync(model, "What is the capital of France?");
        Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_ModelInUse_IsRefused()
    {
        using var root = new TemporaryRoot();
        EngineScript script = new EngineScript().RefuseUnloads(1).SendHeartbeats(TimeSpan.FromMilliseconds(10));
        await using FakeEngine engine = FakeEngine.Listen(root.Path, script);
        await using Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = root.Path });

        ModelInUseException error = await Assert.ThrowsAsync<ModelInUseException>(() => client.EvictModelAsync("some-model"));

        Assert.Equal("some-model", error.Model);
        await client.EvictModelAsync("some-model");
    }

    [Fact]
    public async Task Snapshot_EngineThatEndsBeforeItsFirstHeartbeat_FailsWithTheReason()
    {
        using var root = new TemporaryRoot();
        await using FakeEngine engine = FakeEngine.Listen(root.Path);
        await using Client client = await Client.ConnectAsync(new ClientOptions { EngineRoot = root.Path, StartEngine = false });
        Task<EngineSnapshot> snapshot = client.GetEngineSnapshotAsync();

        await engine.CrashAsync();

        await Assert.ThrowsAnyAsync<OrchardException>(() => snapshot.OrBroken("the end of the call"));
    }

    [Fact]
    public async Task Stop_EndsTheEngine()
    {
        using var root = new TemporaryRoot();
        await using (await Client.ConnectAsync(new ClientOptions { EngineRoot = root.Path }))
        {
            CommandRun stop = await CommandRun.StartAsync("", "stop", "--json", "--engine-root", root.Path);

            Assert.Equal(0, stop.ExitCode);
            Assert.True(stop.Json.GetProperty("was_running").GetBoolean());
        }

        Assert.False(InferenceEngine.IsRunning(new ClientOptions { EngineRoot = root.Path }));
    }

    [Fact]
    public async Task Show_DescribesTheModel()
    {
        CommandRun text = await fixture.RunAsync("show", "starter");
        CommandRun json = await fixture.RunAsync("show", "starter", "--json");
        CommandRun notStored = await fixture.RunAsync("show", "nobody/nothing:Q8_0");

        Assert.Matches("quantization +Q8_0", text.Out);
        Assert.Equal("Q8_0", json.Json.GetProperty("quantization").GetString());
        Assert.Equal(3, notStored.ExitCode);
        Assert.Contains("orchard pull nobody/nothing:Q8_0", notStored.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_PrintsAVectorForEachText()
    {
        CommandRun lines = await CommandRun.StartAsync(
            "first\n\nsecond\n", "embed", "starter", "--pooling", "mean", "--engine-root", fixture.EngineRoot);
        CommandRun json = await fixture.RunAsync("embed", "starter", "first", "--pooling", "mean", "--json");
        CommandRun nothing = await fixture.RunAsync("embed", "starter");
        CommandRun unsuitable = await fixture.RunAsync("embed", "starter", "first");

        float[][] vectors = [.. lines.Out.TrimEnd().Split('\n').Select(line => JsonSerializer.Deserialize<float[]>(line)!)];
        Assert.Equal(2, vectors.Length);
        Assert.Equal(
            vectors[0],
            json.Json.GetProperty("embeddings")[0].GetProperty("vector").EnumerateArray().Select(value => value.GetSingle()));
        Assert.Equal(2, nothing.ExitCode);
        Assert.Equal(1, unsuitable.ExitCode);
    }

    [Fact]
    public async Task Bench_MeasuresEachNumberOfStreams()
    {
        CommandRun json = await fixture.RunAsync("bench", "starter", "--streams", "1", "3", "--tokens", "4", "--json");
        CommandRun table = await fixture.RunAsync("bench", "starter", "--streams", "2", "--tokens", "4");
        CommandRun wrong = await fixture.RunAsync("bench", "starter", "--streams", "0");

        JsonElement[] runs = [.. json.Json.GetProperty("runs").EnumerateArray()];
        Assert.Equal([(1, 4), (3, 12)], runs.Select(run => (run.GetProperty("streams").GetInt32(), run.GetProperty("tokens").GetInt32())));
        Assert.All(runs, run => Assert.True(run.GetProperty("tokens_per_second").GetDouble() > 0));
        Assert.Matches("STREAMS +TOKENS/S", table.Out);
        Assert.Equal(2, wrong.ExitCode);
    }

    [Fact]
    public async Task EveryCommand_HasHelpWithAnExample()
    {
        CommandRun root = await CommandRun.StartAsync("", "--help");
        string[] commands =
        [
            .. root.Out.Split("Commands:")[1].Split("Exit codes:")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.TrimStart().Split(' ', ',')[0]),
        ];

        Assert.Contains("130  interrupted with Ctrl+C", root.Out, StringComparison.Ordinal);
        Assert.Contains("run", commands);
        foreach (string command in commands)
        {
            CommandRun help = await CommandRun.StartAsync("", command, "--help");
            Assert.Equal(0, help.ExitCode);
            Assert.Contains($"orchard {command}", help.Out.Split("Examples:")[1], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help run", "run --help")]
    [InlineData("help ls", "list --help")]
    [InlineData("help cache clear", "cache clear --help")]
    [InlineData("version", "--version")]
    public async Task Word_PrintsWhatItsOptionPrints(string words, string options)
    {
        CommandRun expected = await CommandRun.StartAsync("", options.Split(' '));
        CommandRun run = await CommandRun.StartAsync("", words.Split(' '));

        Assert.NotEmpty(run.Out);
        Assert.Equal(expected, run);
    }

    [Theory]
    [InlineData("help", "rum")]
    [InlineData("help", "cache", "rum")]
    public async Task Help_OfNoCommand_SaysSo(params string[] arguments)
    {
        CommandRun run = await CommandRun.StartAsync("", arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains($"no command '{string.Join(' ', arguments[1..])}'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default")]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -c orchard")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_PrintsTheScriptOfTheShell(string shell, string part) =>
        Assert.Contains(part, (await CommandRun.StartAsync("", "completion", shell)).Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("orchard pu", "pull")]
    [InlineData("orchard run --temp", "--temperature")]
    [InlineData("orchard launch co", "codex")]
    [InlineData("orchard help la", "launch")]
    [InlineData("orchard show st", "starter")]
    public async Task Suggestions_CompleteTheLine(string line, string expected) =>
        Assert.Contains(expected, (await CommandRun.StartAsync("", $"[suggest:{line.Length}]", line)).Out.Split('\n'));
}
