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
        string limit = LimitMegabytes.ToString(CultureInfo.InvariantCulture);
        using EngineUnderTest engine = await EngineUnderTest.StartAsync(root.Path, ["--memory-limit", limit]);
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
                    most.Add(engine.ResidentBytes);
                }
            })));
            Assert.Equal(engine.ProcessId, first.CurrentSession!.ProcessId); // the engine of the beginning
        }

        Assert.Equal(0, await engine.ExitAsync().OrBroken("the engine to leave"));
        int idle = engine.Log.Count(static line => line.Contains(Idle, StringComparison.Ordinal));
        int busy = engine.Log.Count(static line => line.Contains(Busy, StringComparison.Ordinal));
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

    private static Task<Client> ConnectAsync(string root) =>
        Client.ConnectAsync(new ClientOptions { EngineRoot = root, StartEngine = false });
}
