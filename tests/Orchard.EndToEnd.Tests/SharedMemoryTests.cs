using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Five models, of which the memory of the engine holds two or three, used in turns by many callers.</summary>
public sealed class SharedMemoryTests
{
    private const int Models = 5;
    private const int Callers = 16;
    private const int Rounds = 3;
    private const int LimitMegabytes = 160;
    private const string Idle = "is idle and leaves to make room";
    private const string Busy = "gets no new requests and leaves after its last one";

    private static readonly TimeSpan LongRun = TimeSpan.FromMinutes(2);
    private static readonly GenerationOptions Greedy = new() { Temperature = 0 };

    public static bool IsStress => Environment.GetEnvironmentVariable("ORCHARD_STRESS") == "1";

    [Fact]
    public Task Chat_ModelsThatDoNotFitTogether_AllCallsAreServed() =>
        RunAsync(static (call, _) => call < Rounds);

    [Fact(Skip = "on demand: ORCHARD_STRESS=1", SkipUnless = nameof(IsStress))]
    public Task Chat_ModelsThatDoNotFitTogetherForTwoMinutes_AllCallsAreServed() =>
        RunAsync(static (_, start) => Stopwatch.GetElapsedTime(start) < LongRun);

    private static async Task RunAsync(Func<int, long, bool> continues)
    {
        using var root = new TemporaryRoot();
        string[] models = [.. Enumerable.Range(0, Models).Select(i => CopyOfStarter(root.Path, i))];
        var log = new ConcurrentQueue<string>();
        using Process engine = Start(root.Path, log);
        await UntilAsync(() => File.Exists(Path.Combine(root.Path, "engine.ready")), log).OrBroken("the engine");
        var most = new ConcurrentBag<long>();
        var calls = new int[Models];
        await using (Client first = await ConnectAsync(root.Path).OrBroken("a client"))
        await using (Client second = await ConnectAsync(root.Path).OrBroken("another client"))
        {
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            {
                Client client = caller % 2 == 0 ? first : second;
                for (int call = 0; continues(call, start); call++)
                {
                    int model = (caller + call) % Models;
                    ChatResult answer = await client.ChatAsync(models[model], "What is the capital of France?", Greedy).OrBroken("an answer");
                    Assert.Contains("Paris", answer.Text, StringComparison.Ordinal);
                    Interlocked.Increment(ref calls[model]);
                    engine.Refresh();
                    most.Add(engine.WorkingSet64);
                }
            })));
            Assert.Equal(engine.Id, first.CurrentSession!.ProcessId); // the engine of the beginning
        }

        await engine.WaitForExitAsync().OrBroken("the engine to leave");
        Assert.Equal(0, engine.ExitCode);
        int idle = log.Count(static line => line.Contains(Idle, StringComparison.Ordinal));
        int busy = log.Count(static line => line.Contains(Busy, StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"calls {string.Join('/', calls)}, {idle} idle and {busy} busy models left, at most {most.Max() >> 20} MiB resident"));
        Assert.True(idle + busy >= Models - 3, $"Only {idle + busy} models have left.");
    }

    private static string CopyOfStarter(string folder, int number)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"model-{number}.gguf"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"), path);
        return path;
    }

    private static Process Start(string root, ConcurrentQueue<string> log)
    {
        string file = OperatingSystem.IsWindows() ? "orchard-engine.exe" : "orchard-engine";
        string limit = LimitMegabytes.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "engine", file), ["--root", root, "--memory-limit", limit, "--grace-seconds", "1"])
        {
            RedirectStandardError = true,
        };
        var process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginErrorReadLine();
        return process;
    }

    private static Task<Client> ConnectAsync(string root) =>
        Client.ConnectAsync(new ClientOptions { EngineRoot = root, StartEngine = false });

    private static async Task UntilAsync(Func<bool> condition, ConcurrentQueue<string> log)
    {
        while (!condition())
        {
            Assert.DoesNotContain(log, static line => line.StartsWith("orchard-engine:", StringComparison.Ordinal));
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
