using System.Diagnostics;
using System.Globalization;
using Orchard.Engine.Tests.Serving;
using Orchard.Protocol;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests;

/// <summary>The built <c>orchard-engine</c> as a separate process.</summary>
internal sealed class EngineExecutable : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private EngineExecutable(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public int Pid => _process.Id;

    public static EngineExecutable Start(params string[] arguments) => Start([], arguments);

    public static EngineExecutable Start((string Name, string Value)[] environment, params string[] arguments)
    {
        string name = OperatingSystem.IsWindows() ? "orchard-engine.exe" : "orchard-engine";
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new EngineExecutable(Process.Start(start)!);
    }

    /// <summary>Connects as soon as the sockets are there.</summary>
    public async Task<EngineClient> ConnectAsync(EngineRoot root, ulong channelId)
    {
        using var limit = new CancellationTokenSource(Limits.Broken);
        while (!File.Exists(root.ReadyFile))
        {
            Assert.False(_process.HasExited, $"The engine exited: {(_process.HasExited ? await _errors : "")}");
            Assert.False(limit.IsCancellationRequested, "The engine did not become ready.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        return await EngineClient.ConnectAsync(root, channelId);
    }

    /// <summary>Sends a signal by name, such as <c>TERM</c>.</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", Pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Closes the reader of the log.</summary>
    public void CloseItsErrorPipe() => _process.StandardError.Close();

    public async Task<(int ExitCode, string Output, string Errors)> WaitForExitAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).OrBroken("the end of the output");
        string errors = await _errors.OrBroken("the end of the log");
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).OrBroken("the exit of the engine");
        return (_process.ExitCode, output, errors);
    }

    public async Task<int> WaitForExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).OrBroken("the exit of the engine");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
