using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Orchard.TestSupport;

namespace Orchard.Samples.Tests;

/// <summary>The sample of several servers behind one address, in small.</summary>
public sealed class FleetTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Affinity_KeepsTokensCached_AndAKilledServerLosesNoCallWithoutAToken()
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Fleet", configuration));
        string sample = Path.Combine(folder, OperatingSystem.IsWindows() ? "Fleet.exe" : "Fleet");
        var start = new ProcessStartInfo(sample, ["4", "3"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder, // or it would find the settings of another sample here
        };

        using Process fleet = Process.Start(start)!;
        string text = "";
        try
        {
            while (await fleet.StandardOutput.ReadLineAsync().OrBroken($"what follows: {text}") is { } line)
            {
                text += $"{line}\n";
            }

            await fleet.WaitForExitAsync().OrBroken("the exit of the sample");
        }
        finally
        {
            fleet.Kill(entireProcessTree: true);
        }

        output.WriteLine(text);
        double one = Number(Cached("one server"), text);
        Assert.InRange(Number(Cached("three, with affinity"), text) / one, 0.8, double.MaxValue);
        Assert.InRange(Number(Cached("three, without"), text) / one, 0, 0.8);
        Assert.True(Number("answered, ([0-9]+) of them by another", text) > 0);
        Assert.Equal(0, Number("([0-9]+) that had no token were lost", text));
        Assert.Equal(0, fleet.ExitCode);
    }

    private static string Cached(string name) => $"{name} +[0-9]+ +([0-9]+)";

    private static double Number(string pattern, string text) =>
        double.Parse(Regex.Match(text, pattern).Groups[1].Value, CultureInfo.InvariantCulture);
}
