namespace Orchard.Engine.Serving.Requests;

/// <summary>The embedding requests that are being computed. They end when the engine stops. Thread-safe.</summary>
/// <param name="stopping">Cancelled when the engine stops.</param>
internal sealed class EmbeddingRuns(CancellationToken stopping)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = []; // guarded by _gate

    /// <summary>Starts a run, which does not occupy a place among the requests that are prepared.</summary>
    /// <param name="run">Computes it. Must not throw.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public void Start(Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        Task task = RunAsync(run, cancellationToken);
        lock (_gate)
        {
            _running.Add(task);
        }

        _ = ForgetAsync(task);
    }

    /// <summary>Completes when the runs started so far have ended.</summary>
    public Task EndedAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_running);
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);

        // The computation blocks its thread, which must not be that of the preparation.
        await Task.Run(() => run(ending.Token), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ForgetAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _running.Remove(task);
        }
    }
}
