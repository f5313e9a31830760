using System.Collections.Concurrent;

namespace Orchard.Connection.Transport;

/// <summary>Work that continues after its caller has left: its failures are observed, and disposal waits for it. Thread-safe.</summary>
internal sealed class BackgroundTasks
{
    private readonly ConcurrentDictionary<Task, byte> _running = new();

    public void Track(Task task)
    {
        _running.TryAdd(task, 0);
        _ = ForgetAsync(task);
    }

    /// <summary>Completes when everything tracked so far has ended, however it ended.</summary>
    public async Task WhenAllAsync()
    {
        foreach (Task task in _running.Keys)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ForgetAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.TryRemove(task, out _);
    }
}
