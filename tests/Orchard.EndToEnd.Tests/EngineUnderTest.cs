using System.Collections.Concurrent;
using System.Diagnostics;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>An engine that a test starts itself, with arguments and variables of its own. It leaves one second after its last client.</summary>
internal sealed class EngineUnderTest : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    private EngineUnderTest(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
    }

    public int ProcessId => _process.Id;

    public IReadOnlyCollection<string> Log => _log;

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts an engine and waits until it serves the namespace.</summary>
    public static async Task<EngineUnderTest> StartAsync(
        string root, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        string file = OperatingSystem.IsWindows() ? "orchard-engine.exe" : "orchard-engine";
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "engine", file), ["--root", root, "--grace-seconds", "1", .. arguments])
        {
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var engine = new EngineUnderTest(start);
        engine._process.Start();
        engine._process.BeginErrorReadLine();
        await engine.UntilReadyAsync(Path.Combine(root, "engine.ready")).OrBroken("the engine");
        return engine;
    }

    /// <summary>Waits until the engine has left, and returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    private async Task UntilReadyAsync(string ready)
    {
        while (!File.Exists(ready))
        {
            Assert.DoesNotContain(_log, static line => line.StartsWith("orchard-engine:", StringComparison.Ordinal));
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
