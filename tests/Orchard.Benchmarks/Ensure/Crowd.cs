using System.Diagnostics;
using System.Runtime.CompilerServices;
using Orchard.Testing;

namespace Orchard.Benchmarks.Ensure;

/// <summary>Many callers of one cold model, with an engine and a client of their own.</summary>
internal sealed class Crowd(string model, Schedule.Step[] steps, int callers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EngineGate _load = new();
    private readonly Task<ModelInfo>[] _calls = new Task<ModelInfo>[callers];
    private readonly CancellationTokenSource[] _callers = [.. Enumerable.Range(0, callers).Select(static _ => new CancellationTokenSource())];
    private int _nextStep;
    private volatile string? _problem;

    /// <summary>What a run came to.</summary>
    /// <param name="Milliseconds">From the first call to the end of the last.</param>
    /// <param name="AllocatedBytes">By the calls, their cancellations and the one load.</param>
    /// <param name="Loads">Load commands that reached the engine.</param>
    /// <param name="Succeeded">Calls that got the model.</param>
    internal readonly record struct Outcome(double Milliseconds, long AllocatedBytes, int Loads, int Succeeded);

    /// <summary>Plays the schedule on all cores, and checks that every call ends as it should and leaves nothing behind.</summary>
    /// <exception cref="BenchmarkException">It does not hold.</exception>
    public async Task<Outcome> RunAsync()
    {
        await using var engine = new FakeEngine();
        engine.Script.Load(load => Begin(load, engine));
        await using Client client = await engine.ConnectAsync();
        GC.Collect();

        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long started = Stopwatch.GetTimestamp();
        await PlayAsync(client).WaitAsync(Patience);
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        int loads = engine.CountOf(FakeCommandKind.LoadModel);
        int succeeded = CheckCalls();
        CheckNothingIsLeft(client);
        await client.Models.EnsureLoadedAsync(model).WaitAsync(Patience); // whatever happened before
        BenchmarkException.ThrowUnless(_problem is null, _problem ?? "");
        return new Outcome(milliseconds, allocated, loads, succeeded);
    }

    private async Task PlayAsync(Client client)
    {
        Task[] players = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() => Play(client)))];
        foreach (Task player in players)
        {
            await player;
        }

        foreach (Task<ModelInfo> call in _calls)
        {
            await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Play(Client client)
    {
        int index;
        while ((index = Interlocked.Increment(ref _nextStep) - 1) < steps.Length)
        {
            (Schedule.Kind kind, int caller) = steps[index];
            switch (kind)
            {
                case Schedule.Kind.Call:
                    _calls[caller] = client.Models.EnsureLoadedAsync(model, null, _callers[caller].Token);
                    break;
                case Schedule.Kind.Cancel:
                    _callers[caller].Cancel();
                    break;
                default:
                    _load.Open();
                    break;
            }
        }
    }

    // A call that was not cancelled has the model; one that was has it as well if it was quicker.
    private int CheckCalls()
    {
        int succeeded = 0;
        for (int i = 0; i < _calls.Length; i++)
        {
            bool asItShould = _calls[i].IsCompletedSuccessfully || (_calls[i].IsCanceled && _callers[i].IsCancellationRequested);
            BenchmarkException.ThrowUnless(asItShould, $"Call {i} ended as {_calls[i].Status}: {_calls[i].Exception?.InnerException}");
            succeeded += _calls[i].IsCompletedSuccessfully ? 1 : 0;
        }

        return succeeded;
    }

    // A load that all its callers left is cancelled before the next one begins: there are never two at once.
    private FakeLoad Begin(FakeLoadRequest load, FakeEngine engine)
    {
        if (engine.CountOf(FakeCommandKind.CancelLoad) < load.Attempt - 1)
        {
            _problem = $"Load {load.Attempt} began before {load.Attempt - 1} were cancelled.";
        }

        return FakeLoad.Success.After(_load);
    }

    private void CheckNothingIsLeft(Client client)
    {
        WeakReference[] traces = LetGo();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // The last that each thread had to do with may still be in a state machine or on a stack.
        int left = traces.Count(static trace => trace.IsAlive);
        BenchmarkException.ThrowUnless(left <= Math.Max(4, 2 * Environment.ProcessorCount), $"{left} of {traces.Length} calls that ended are still referenced.");
        GC.KeepAlive(client);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] LetGo()
    {
        WeakReference[] traces = [.. _calls.Select(static call => new WeakReference(call))];
        Array.Clear(_calls);
        return traces;
    }
}
