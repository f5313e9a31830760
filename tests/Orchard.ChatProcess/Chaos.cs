using System.Diagnostics;
using System.Globalization;

namespace Orchard.ChatProcess;

/// <summary>
/// Ends the engine in the middle of many calls, round after round: every call must end once, with its answer or a typed error, and the
/// next call must work. Says what became of the calls, and what the program holds at the start and at the end.
/// </summary>
internal sealed class Chaos(Client client, Random random)
{
    private const int Streams = 16;
    private const string Question = "Give me a detailed description of a storm.";

    // Rounds whose engine ends before its first word. Rare: a model that seems to end its engine again and again is not tried again.
    private const int RoundsPerEarlyEnd = 40;

    private static readonly string[][] Ends = [["KILL"], ["SEGV"], ["STOP", "KILL"], ["TERM"]];
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);

    private int _answers;
    private int _deaths;

    public async Task RunAsync(int rounds)
    {
        await RoundAsync("TERM"); // everything that is made once is made now
        await SettleAsync(() => true);
        Holdings before = Holdings.Now();
        (_answers, _deaths) = (0, 0);

        for (int round = 1; round <= rounds; round++)
        {
            bool early = round % RoundsPerEarlyEnd == RoundsPerEarlyEnd / 2;
            await RoundAsync(early, Ends[random.Next(Ends.Length)]);
        }

        await SettleAsync(() => Holdings.Now().IsNear(before));
        Holdings after = Holdings.Now();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds * Streams} {_answers} {_deaths} {before} {after}"));
    }

    private Task RoundAsync(params string[] signals) => RoundAsync(early: false, signals);

    private async Task RoundAsync(bool early, string[] signals)
    {
        var firstWord = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] calls = [.. Enumerable.Range(0, Streams).Select(_ => CallAsync(firstWord))];
        if (!early)
        {
            await firstWord.Task.WaitAsync(CallLimit);
        }

        foreach (string signal in signals)
        {
            await Task.Delay(random.Next(60)); // the moment is the test's subject
            await SignalAsync(signal);
        }

        await Task.WhenAll(calls).WaitAsync(CallLimit);
        ChatResult next = await client.ChatAsync("starter", "What is the capital of France?").WaitAsync(CallLimit);
        if (!next.Text.Contains("Paris", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"After {string.Join('+', signals)} the answer is '{next.Text}'.");
        }
    }

    private async Task CallAsync(TaskCompletionSource firstWord)
    {
        int ends = 0;
        try
        {
            await foreach (ChatDelta delta in client.ChatStreamAsync("starter", Question))
            {
                firstWord.TrySetResult();
                ends += delta.FinishReason is null ? 0 : 1;
            }

            if (ends != 1)
            {
                throw new InvalidOperationException($"A call ended without an error and with {ends} final pieces.");
            }

            Interlocked.Increment(ref _answers);
        }
        catch (EngineDiedException) when (ends == 0)
        {
            Interlocked.Increment(ref _deaths);
        }
    }

    // The engine may be gone already, or not be there yet.
    private async Task SignalAsync(string signal)
    {
        if (client.CurrentSession?.ProcessId is { } pid)
        {
            using Process kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardError = true,
            })!;
            await kill.WaitForExitAsync();
        }
    }

    // Threads of the pool leave some time after their last work.
    private static async Task SettleAsync(Func<bool> settled)
    {
        long start = TimeProvider.System.GetTimestamp();
        do
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        while (!settled() && TimeProvider.System.GetElapsedTime(start) < SettleLimit);
    }

    /// <summary>What a program holds of the operating system.</summary>
    private readonly record struct Holdings(int Descriptors, int Threads, int Zombies)
    {
        private const int Tolerance = 5;

        public static Holdings Now() => new(
            Directory.EnumerateFiles("/proc/self/fd").Count(file => !IsAssembly(file)),
            Directory.GetDirectories("/proc/self/task").Length,
            Directory.EnumerateDirectories("/proc").Count(IsZombieOfOurs));

        public bool IsNear(Holdings other) =>
            Math.Abs(Descriptors - other.Descriptors) <= Tolerance && Math.Abs(Threads - other.Threads) <= Tolerance && Zombies == 0;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Descriptors} {Threads} {Zombies}");

        // The runtime loads, and keeps open, what is used for the first time.
        private static bool IsAssembly(string descriptor) =>
            new FileInfo(descriptor).LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) ?? true; // closed meanwhile

        private static bool IsZombieOfOurs(string folder)
        {
            if (!char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            {
                return false;
            }

            try
            {
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                return fields[0] == "Z" && fields[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false; // it has gone meanwhile
            }
        }
    }
}
