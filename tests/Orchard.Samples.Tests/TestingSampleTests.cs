using System.Diagnostics;
using Orchard.TestSupport;

namespace Orchard.Samples.Tests;

/// <summary>The samples of tests. Those for NUnit and MSTest are test projects of the solution; that for xunit v2 needs the older runner.</summary>
public sealed class TestingSampleTests
{
    [Fact]
    public async Task XunitV2_AllTestsOfTheSamplePass()
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string sample = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Testing.XunitV2", configuration, "Testing.XunitV2.dll"));
        var start = new ProcessStartInfo("dotnet", ["vstest", sample]) { RedirectStandardOutput = true };

        using Process runner = Process.Start(start)!;
        string output = await runner.StandardOutput.ReadToEndAsync().OrBroken("the end of the tests");
        await runner.WaitForExitAsync().OrBroken("the exit of the runner");

        Assert.Contains("Passed:     2", output, StringComparison.Ordinal);
        Assert.Equal(0, runner.ExitCode);
    }
}
