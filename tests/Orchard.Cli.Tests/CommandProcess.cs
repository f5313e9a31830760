using System.Diagnostics;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary>The command as a process of its own. Killed at the end of the test if it still runs.</summary>
internal sealed class CommandProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private CommandProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static string Executable { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "orchard-cli.exe" : "orchard-cli");

    public StreamReader Out => _process.StandardOutput;

    /// <summary>Starts a command with environment variables, null for one that it must not have.</summary>
    public static CommandProcess Start(IEnumerable<(string Name, string? Value)> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
        {
            start.Environment.Remove(name);
            if (value is not null)
            {
                start.Environment[name] = value;
            }
        }

        return new CommandProcess(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandRun> RunAsync(IEnumerable<(string Name, string? Value)> environment, params string[] arguments)
    {
        await using CommandProcess process = Start(environment, arguments);
        return await process.FinishAsync();
    }

    /// <summary>Writes to its standard input, closes that, and waits for the end.</summary>
    public async Task<CommandRun> FinishAsync(string input = "")
    {
        await _process.StandardInput.WriteAsync(input);
        _process.StandardInput.Close();
        return await EndAsync();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<CommandRun> EndAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync().OrBroken("the output of the command");
        string error = await _errors.OrBroken("the error output of the command");
        await _process.WaitForExitAsync().OrBroken("the exit of the command");
        return new CommandRun(_process.ExitCode, output, error);
    }

    /// <summary>Closes its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Ends it without a warning.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends the signal of Ctrl+C.</summary>
    public void Interrupt() => Send("INT");

    /// <summary>Sends the signal by which supervisors end a process.</summary>
    public void Terminate() => Send("TERM");

    private void Send(string signal)
    {
        using Process kill = Process.Start(
            "kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        await _process.WaitForExitAsync().OrBroken("the exit of the command");
        _process.Dispose();
    }
}
