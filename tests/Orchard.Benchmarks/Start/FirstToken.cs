using System.Diagnostics;
using System.Globalization;
using Orchard.Benchmarks.Throughput;

namespace Orchard.Benchmarks.Start;

/// <summary>A program that wants one token: starts the engine, has the starter model loaded, asks.</summary>
internal static class FirstToken
{
    /// <summary>Starts such a program; says how long it took until it had the token, and waits until nothing of it is left.</summary>
    public static async Task<double> MeasureAsync()
    {
        using var folder = new TemporaryFolder();
        long started = Stopwatch.GetTimestamp();
        using Process program = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["first-token", "--path", folder.File("root")])
        {
            RedirectStandardOutput = true,
        })!;
        string? line = await program.StandardOutput.ReadLineAsync();
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await program.WaitForExitAsync();
        BenchmarkException.ThrowUnless(program.ExitCode == 0 && line is not null, $"The program that wanted one token ended with {program.ExitCode}.");
        await Processes.WaitForExitAsync(int.Parse(line!, CultureInfo.InvariantCulture));
        return milliseconds;
    }

    /// <summary>That program. Prints the engine's process id with the first token.</summary>
    public static async Task RunAsync(string engineRoot)
    {
        await using Client client = await Client.ConnectAsync(new ClientOptions
        {
            EngineRoot = engineRoot,
            EnginePath = EngineUnderTest.Executable,
            EngineGraceTime = TimeSpan.FromMilliseconds(100),
        });
        await foreach (ChatDelta _ in client.ChatStreamAsync("starter", "What is the capital of France?"))
        {
            Console.WriteLine(client.CurrentSession!.ProcessId!.Value.ToString(CultureInfo.InvariantCulture));
            return;
        }
    }
}
