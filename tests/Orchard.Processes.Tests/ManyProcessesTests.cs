using System.Globalization;
using System.Text.RegularExpressions;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Programs that share an engine without knowing of each other.</summary>
public sealed partial class ManyProcessesTests(ITestOutputHelper output)
{
    // So many programs on few cores take their time to start alone.
    private static readonly TimeSpan LineLimit = TimeSpan.FromMinutes(3);

    public static bool IsStress => Environment.GetEnvironmentVariable("ORCHARD_STRESS") == "1";

    [Fact]
    public Task Start_EightAtTheSameMoment_OneEngineEightAnswersNoTrace() => RunRoundAsync(8);

    [Fact(Skip = "on demand: ORCHARD_STRESS=1, rounds in ORCHARD_STRESS_ROUNDS (20)", SkipUnless = nameof(IsStress))]
    public async Task Start_AHundredAtTheSameMoment_OneEngineAHundredAnswersNoTrace()
    {
        int rounds = int.TryParse(Environment.GetEnvironmentVariable("ORCHARD_STRESS_ROUNDS"), CultureInfo.InvariantCulture, out int asked) ? asked : 20;
        for (int round = 1; round <= rounds; round++)
        {
            long start = TimeProvider.System.GetTimestamp();
            await RunRoundAsync(100);
            output.WriteLine($"round {round}: {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
        }
    }

    [Fact]
    public async Task Kill_OneOfTwoProgramsWithStreams_TheOtherIsUndisturbedAndTheDeadOnesPlacesAreFreed()
    {
        using var root = new TemporaryRoot();
        InferenceEngine engine = await InferenceEngine.StartAsync(
            new EngineOptions { EngineRoot = root.Path, EngineGraceTime = TimeSpan.FromSeconds(0.5), LoadModels = ["starter"] }).OrBroken("the engine");
        int pid = engine.ProcessId!.Value;
        Client client = await engine.ConnectAsync().OrBroken("the client");
        const string Question = "Give me a detailed description of a storm.";
        string expected = (await client.ChatAsync("starter", Question).OrBroken("the answer alone")).Text;
        string model = Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf");
        await using ChatProcess other = ChatProcess.Start(root.Path, "forever");
        await other.ReadyAsync(Limits.Broken);
        other.Go();
        Assert.Equal("busy", await other.ReadLineAsync(Limits.Broken));
        await client.ModelStateAsync(model, state => state.RunningSequences > 8, "the other program's sequences to run");

        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync("starter", Question).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first word"));
        string text = stream.Current.Text;
        other.Kill();
        while (await stream.MoveNextAsync().AsTask().OrBroken("the next word"))
        {
            text += stream.Current.Text;
        }

        Assert.Equal(expected, text);
        await client.ModelStateAsync(
            model, state => state is { RunningSequences: 0, WaitingSequences: 0 }, "the dead program's sequences to be freed");
        string log = await File.ReadAllTextAsync(Path.Combine(root.Path, "engine.log"));
        Match gone = ClientGone().Match(log);
        Assert.True(gone.Success, log);
        Assert.Equal(other.Id, int.Parse(gone.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        Assert.InRange(int.Parse(gone.Groups[2].ValueSpan, CultureInfo.InvariantCulture), 1, 4);

        // The dead one's lease is gone too: nothing keeps the engine when we leave.
        await client.DisposeAsync();
        await engine.DisposeAsync();
        await Processes.GoneAsync(pid);
    }

    private static async Task RunRoundAsync(int count)
    {
        using var root = new TemporaryRoot();
        ChatProcess[] programs = [.. Enumerable.Range(0, count).Select(_ => ChatProcess.Start(root.Path))];
        try
        {
            await Task.WhenAll(programs.Select(program => program.ReadyAsync(LineLimit)));
            Array.ForEach(programs, program => program.Go());
            string[] lines = await Task.WhenAll(programs.Select(program => program.ReadLineAsync(LineLimit)));
            int[] exitCodes = await Task.WhenAll(programs.Select(program => program.ExitCodeAsync()));

            Assert.All(lines, line => Assert.EndsWith("Paris.", line, StringComparison.Ordinal));
            string pid = Assert.Single(lines.Select(line => line.Split(' ')[0]).Distinct());
            Assert.All(exitCodes, exitCode => Assert.Equal(0, exitCode));
            await Processes.GoneAsync(int.Parse(pid, CultureInfo.InvariantCulture));
            await Processes.UntilAsync(() => Processes.Of(root.Path).Count == 0, "every process of the namespace to end");
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(root.Path, "ipc")));
            Assert.Equal(
                ["engine.instance.lock", "engine.lock", "engine.log", "ipc", "trials"],
                Directory.EnumerateFileSystemEntries(root.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        }
        finally
        {
            await Task.WhenAll(programs.Select(program => program.DisposeAsync().AsTask()));
        }
    }

    [GeneratedRegex(@"Client (\d+) has disconnected; (\d+) of its requests were cancelled")]
    private static partial Regex ClientGone();
}
