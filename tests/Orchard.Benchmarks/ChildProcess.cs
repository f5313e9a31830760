using System.Diagnostics;

namespace Orchard.Benchmarks;

/// <summary>This program once more, in a process of its own. For the other side of a conversation, it ends with the parent.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Ready = "ready";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Starts it with these words and waits until it says that it is ready.</summary>
    public static async Task<ChildProcess> StartAsync(params string[] words)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, words) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var child = new ChildProcess(Process.Start(start)!);
        string? line = await child._process.StandardOutput.ReadLineAsync();
        if (line != Ready)
        {
            await child.DisposeAsync();
            throw new BenchmarkException($"'{string.Join(' ', words)}' did not get ready: {line ?? "it ended"}.");
        }

        return child;
    }

    /// <summary>Starts it with these words, and returns what it has written when it has ended.</summary>
    public static async Task<string> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, words) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        BenchmarkException.ThrowUnless(process.ExitCode == 0, $"'{string.Join(' ', words)}' ended with {process.ExitCode}.");
        return output;
    }

    /// <summary>In the child: says that it is ready, and waits for the parent to go.</summary>
    public static async Task ServeAsync()
    {
        Console.WriteLine(Ready);
        await Console.In.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
