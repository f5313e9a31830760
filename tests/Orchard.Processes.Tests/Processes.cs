using System.Diagnostics;
using System.Globalization;
using Orchard.Protocol.Processes;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Processes of this machine, as tests look at them and treat them.</summary>
internal static class Processes
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);
    private static readonly ProcessProbe Probe = new();

    public static bool HasSignals => !OperatingSystem.IsWindows();

    /// <summary>Sends a signal by name, such as <c>STOP</c>.</summary>
    public static async Task SignalAsync(int pid, string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().OrBroken($"kill -{name} {pid}");
        Assert.Equal(0, kill.ExitCode);
    }

    public static bool IsRunning(int pid) => Probe.Find(pid) is not null;

    /// <summary>Waits for the end of any process, whosever child it is; one that waits to be reaped has ended.</summary>
    public static Task GoneAsync(int pid) => UntilAsync(() => !IsRunning(pid), $"process {pid} to end");

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        async Task WaitAsync()
        {
            while (!condition())
            {
                await Task.Delay(LookInterval);
            }
        }

        await WaitAsync().OrBroken(what);
    }

    /// <summary>Processes that were started for a namespace: its folder is in their arguments or their environment. Linux alone tells.</summary>
    public static IReadOnlyList<int> Of(string root) =>
        !OperatingSystem.IsLinux()
            ? []
            : [.. Directory.EnumerateDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), out int pid) ? pid : 0)
                .Where(pid => pid != 0 && (Mentions(pid, "cmdline", root) || Mentions(pid, "environ", root)))];

    private static bool Mentions(int pid, string file, string text)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}").Contains(text, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
