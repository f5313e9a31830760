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
        (double milliseconds, int engine) = await StartAsync([folder.File("root")]);
        await Processes.WaitForExitAsync(engine);
        return milliseconds;
    }

    /// <summary>Starts two such programs after one another, while the engine keeps the model.</summary>
    public static async Task<(double First, double Second)> MeasureKeptAsync(string model)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = [folder.File("root"), "--model", model, "--kept"];
        (double first, int engine) = await StartAsync(arguments);
        (double second, int same) = await StartAsync(arguments);
        BenchmarkException.ThrowUnless(engine == same, "The engine left although it keeps the model.");
        await InferenceEngine.StopAsync(new ClientOptions { EngineRoot = arguments[0] });
        return (first, second);
    }

    private static async Task<(double Milliseconds, int Engine)> StartAsync(string[] arguments)
    {
        long started = Stopwatch.GetTimestamp();
        using Process program = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["first-token", "--path", .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        string? line = await program.StandardOutput.ReadLineAsync();
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await program.WaitForExitAsync();
        BenchmarkException.ThrowUnless(program.ExitCode == 0 && line is not null, $"The program that wanted one token ended with {program.ExitCode}.");
        return (milliseconds, int.Parse(line!, CultureInfo.InvariantCulture));
    }

    /// <summary>That program. Prints the engine's process id with the first token.</summary>
    public static async Task RunAsync(string engineRoot, string model, bool isKept)
    {
        await using Client client = await Client.ConnectAsync(new ClientOptions
        {
            EngineRoot = engineRoot,
            EnginePath = EngineUnderTest.Executable,
            EngineGraceTime = isKept ? null : TimeSpan.FromMilliseconds(100),
        });
        await foreach (ChatDelta _ in client.ChatStreamAsync(model, "What is the capital of France?"))
        {
            Console.WriteLine(client.CurrentSession!.ProcessId!.Value.ToString(CultureInfo.InvariantCulture));
            return;
        }
    }
}
