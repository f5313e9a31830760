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

    private async Task RunAsync(int rounds, TimeSpan limit)
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

        string report = await program.ReadLineAsync(limit);

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
}
