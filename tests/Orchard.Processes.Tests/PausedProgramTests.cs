using System.Globalization;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>A program that is stopped, as in a debugger, while others use the same engine.</summary>
public sealed class PausedProgramTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<Message> Question = [Message.User("Give me a detailed description of a storm.")];

    public static bool HasSignals => Processes.HasSignals;

    public static bool IsStress => HasSignals && Environment.GetEnvironmentVariable("ORCHARD_STRESS") == "1";

    [Fact(Skip = "needs POSIX signals", SkipUnless = nameof(HasSignals))]
    public Task Pause_OthersGenerate_ItsStreamsEndRightAndNobodyElseNotices() => RunAsync(tokens: 5_000, TimeSpan.Zero, Limits.Broken);

    [Fact(Skip = "on demand: ORCHARD_STRESS=1", SkipUnless = nameof(IsStress))]
    public Task Pause_OthersGenerateForAMinute_ItsStreamsEndRightAndNobodyElseNotices() =>
        RunAsync(tokens: 500_000, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));

    private async Task RunAsync(int tokens, TimeSpan pause, TimeSpan limit)
    {
        using var root = new TemporaryRoot();
        await using InferenceEngine engine = await InferenceEngine.StartAsync(
            new EngineOptions { EngineRoot = root.Path, EngineGraceTime = TimeSpan.FromSeconds(0.5), LoadModels = ["starter"] }).OrBroken("the engine");
        await using Client client = await engine.ConnectAsync().OrBroken("the client");
        string expected = (await client.ChatAsync("starter", Question).OrBroken("the answer alone")).Text;
        await using ChatProcess paused = ChatProcess.Start(root.Path, "streams", "4");
        await paused.ReadyAsync(Limits.Broken);
        paused.Go();
        Assert.Equal("busy", await paused.ReadLineAsync(Limits.Broken));

        await Processes.SignalAsync(paused.Id, "STOP");
        long start = TimeProvider.System.GetTimestamp();
        int generated = 0;
        while (generated < tokens || TimeProvider.System.GetElapsedTime(start) < pause)
        {
            IReadOnlyList<ChatResult> answers = await client
                .ChatBatchAsync("starter", [.. Enumerable.Repeat(Question, 16)]).OrBroken("the answers of the others");
            Assert.All(answers, answer => Assert.Equal(expected, answer.Text));
            generated += answers.Sum(answer => answer.Usage.CompletionTokens);
        }

        await Processes.SignalAsync(paused.Id, "CONT");
        string end = await paused.ReadLineAsync(limit);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{generated} tokens of others; the paused program: {end}"));
        Assert.Equal("ok:4 texts:1", end);
        Assert.Equal(0, await paused.ExitCodeAsync());
    }
}
