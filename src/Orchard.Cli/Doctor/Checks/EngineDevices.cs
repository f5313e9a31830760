using System.Diagnostics;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>Asks the engine executable which GPU libraries it would use.</summary>
internal static class EngineDevices
{
    /// <summary>What a line contains about a library that is not used.</summary>
    public const string NotUsed = ": not used: ";

    // Longer than the trials of several drivers that hang.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    /// <summary>Returns the lines that it prints.</summary>
    /// <param name="engine">Path of the executable.</param>
    /// <param name="cancellationToken">Cancels the wait, and ends the process.</param>
    /// <exception cref="TimeoutException">It takes too long.</exception>
    public static async Task<IReadOnlyList<string>> AskAsync(string engine, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(engine, ["--devices"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken)
                .WaitAsync(Limit, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            string problem = await errors.ConfigureAwait(false);
            string[] lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return lines.Length > 0 || problem.Length == 0 ? lines : [$"devices{NotUsed}{problem.Trim()}"];
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
