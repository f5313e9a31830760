using System.Diagnostics;
using Orchard.Engine.Tests.Serving;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Hosting;

/// <summary>The log as the standard streams of a process. <c>tests/platforms/wine.sh</c> does the same for Windows.</summary>
public sealed class StandardStreamsTests
{
    [Fact]
    public async Task RedirectTo_NativeCodeAndCrashes_AreInTheLogAndOverwriteNothing()
    {
        using var directory = new TempDirectory();
        string log = Path.Combine(directory.Path, "engine.log");
        string probe = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Orchard.PlatformProbe.exe" : "Orchard.PlatformProbe");
        using Process process = Process.Start(new ProcessStartInfo(probe, ["log", log]) { RedirectStandardError = true })!;

        string early = await process.StandardError.ReadToEndAsync().OrBroken("the end of its standard error");
        await process.WaitForExitAsync().OrBroken("its crash");

        Assert.Equal("before the log", early.Trim());
        Assert.Equal("first line|native line|second line|", string.Join('|', await File.ReadAllLinesAsync(log + ".1")).TrimEnd('x'));
        string[] next = [.. (await File.ReadAllLinesAsync(log)).SkipWhile(line => line.Contains(".1", StringComparison.Ordinal))];
        Assert.Equal(["native line of the next file", "last line"], next.Take(2));
        Assert.Contains(next, line => line.Contains("report of a crash", StringComparison.Ordinal));
    }
}
