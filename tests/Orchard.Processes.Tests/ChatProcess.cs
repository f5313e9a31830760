using System.Diagnostics;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>A program of its own that uses the engine of a namespace. Killed at the end of the test if it still runs.</summary>
internal sealed class ChatProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ChatProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static ChatProcess Start(string root, params string[] arguments) => Start([], [root, .. arguments]);

    /// <summary>Starts a program with environment variables, null for one that it must not have.</summary>
    public static ChatProcess Start((string Name, string? Value)[] environment, params string[] arguments)
    {
        ProcessStartInfo start = Redirected(Executable, arguments);
        foreach ((string variable, string? value) in environment)
        {
            start.Environment.Remove(variable);
            if (value is not null)
            {
                start.Environment[variable] = value;
            }
        }

        return new ChatProcess(Process.Start(start)!);
    }

    private static string Executable { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Orchard.ChatProcess.exe" : "Orchard.ChatProcess");

    private static ProcessStartInfo Redirected(string program, string[] arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>Waits until it runs and is about to look for its engine.</summary>
    public async Task ReadyAsync(TimeSpan limit) => Assert.Equal("ready", await ReadLineAsync(limit));

    /// <summary>Lets it look for its engine.</summary>
    public void Go() => _process.StandardInput.WriteLine();

    public async Task<string> ReadLineAsync(TimeSpan limit)
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync().WaitAsync(limit)
                ?? throw new InvalidOperationException($"Process {Id} ended without a line: {await _errors.OrBroken("its error output")}");
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {limit.TotalSeconds} s in vain for a line of process {Id}.");
        }
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().OrBroken($"process {Id} to end");
        return _process.ExitCode;
    }

    public void Kill() => _process.Kill();

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
