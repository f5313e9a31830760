using System.Globalization;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>An application whose engine is ended again and again, in every way, under its calls.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int CallsPerRound = 16;
    private const int Tolerance = 5;

    public static bool IsLinux => OperatingSystem.IsLinux();

    public static bool IsStress => IsLinux && Environment.GetEnvironmentVariable("ORCHARD_STRESS") == "1";

    [Fact(Skip = "counts descriptors and threads in /proc", SkipUnless = nameof(IsLinux))]
    public Task Engine_EndedTenTimes_EveryCallEndsAndNothingIsLeft() => RunAsync(10, TimeSpan.FromMinutes(3));

    [Fact(Skip = "on demand: ORCHARD_STRESS=1", SkipUnless = nameof(IsStress))]
    public Task Engine_EndedTwoHundredTimes_EveryCallEndsAndNothingIsLeft() => RunAsync(200, TimeSpan.FromMinutes(10));

    [Fact(Skip = "needs signals, and counts descriptors and threads in /proc", SkipUnless = nameof(IsLinux))]
    public Task Engine_EndedWhileItsClientIsStoppedAndContinued_EveryCallEndsAndNothingIsLeft() =>
        RunAsync(5, TimeSpan.FromMinutes(3), stopsProgram: true);

    private async Task RunAsync(int rounds, TimeSpan limit, bool stopsProgram = false)
    {
        using var root = new TemporaryRoot();
        long start = TimeProvider.System.GetTimestamp();
        int seed = int.TryParse(Environment.GetEnvironmentVariable("ORCHARD_STRESS_SEED"), CultureInfo.InvariantCulture, out int asked)
            ? asked
            : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using ChatProcess program = ChatProcess.Start(
            root.Path, "chaos", rounds.ToString(CultureInfo.InvariantCulture), seed.ToString(CultureInfo.InvariantCulture));
        await program.ReadyAsync(Limits.Broken);
        program.Go();

        Task<string> reporting = program.ReadLineAsync(limit);
        if (stopsProgram)
        {
            await StopAgainAndAgainAsync(program.Id, new Random(seed), reporting);
        }

        string report = await reporting;

        output.WriteLine($"{report} in {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
        int[] figures = [.. report.Split(' ').Select(figure => int.Parse(figure, CultureInfo.InvariantCulture))];
        Assert.Equal(rounds * CallsPerRound, figures[0]);
        Assert.Equal(figures[0], figures[1] + figures[2]);
        Assert.InRange(figures[6], figures[3] - Tolerance, figures[3] + Tolerance); // descriptors
        Assert.InRange(figures[7], figures[4] - Tolerance, figures[4] + Tolerance); // threads
        Assert.Equal(0, figures[8]); // zombies
        Assert.Equal(0, await program.ExitCodeAsync());
        await Processes.UntilAsync(() => Processes.Of(root.Path).Count == 0, "every process of the namespace to end");
    }

    // As a debugger, a laptop's lid or a shell's Ctrl+Z does.
    private static async Task StopAgainAndAgainAsync(int pid, Random random, Task end)
    {
        while (!end.IsCompleted)
        {
            await Task.Delay(random.Next(200)); // the moment is the test's subject
            if (!Processes.IsRunning(pid) || end.IsCompleted)
            {
                return;
            }

            await Processes.SignalAsync(pid, "STOP");
            await Task.Delay(random.Next(100));
            await Processes.SignalAsync(pid, "CONT");
        }
    }
}
