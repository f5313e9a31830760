namespace Orchard.Routing;

/// <summary>
/// Loads the local model of a route: once for any number of calls, and to the end, even if all of them have gone elsewhere. Thread-safe.
/// </summary>
/// <param name="local">The local model.</param>
/// <param name="time">The clock.</param>
/// <param name="closing">Cancelled when the client is disposed.</param>
internal sealed class LocalLoad(RouteSide local, TimeProvider time, CancellationToken closing)
{
    private readonly Lock _gate = new();
    private Attempt? _attempt; // guarded by _gate

    /// <summary>Returns the model if it is loaded.</summary>
    public ModelInfo? FindReady()
    {
        try
        {
            return local.Provider.GetStatus(local.Model) is { State: ModelState.Ready, Info: { } info } ? info : null;
        }
        catch (ModelNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Returns the load in progress; begins one if there is none.</summary>
    public Attempt Begin()
    {
        Attempt attempt;
        bool isNew = false;
        lock (_gate)
        {
            if (_attempt is null || _attempt.Outcome.IsCompleted)
            {
                _attempt = new Attempt(time.GetTimestamp());
                isNew = true;
            }

            attempt = _attempt;
        }

        if (isNew)
        {
            _ = RunAsync(attempt); // its outcome is that of the attempt
        }

        return attempt;
    }

    /// <summary>Waits for the end of the load in progress, whatever its outcome.</summary>
    public async Task EndedAsync()
    {
        Task last;
        lock (_gate)
        {
            last = _attempt?.Outcome ?? Task.CompletedTask;
        }

        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(Attempt attempt)
    {
        try
        {
            ModelInfo info = await local.Provider.EnsureLoadedAsync(local.Model, closing).ConfigureAwait(false);
            local.Circuit.Succeed();
            attempt.Succeed(info);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            attempt.Fail(new ObjectDisposedException(nameof(Client)));
        }
        catch (Exception e)
        {
            if (RouteFailures.IsOfSide(e))
            {
                local.Circuit.Fail(attempt.Begin, e);
            }

            attempt.Fail(e);
        }
    }

    /// <summary>One load.</summary>
    /// <param name="Begin">When it began, as a timestamp of the clock.</param>
    internal sealed record Attempt(long Begin)
    {
        private readonly TaskCompletionSource<ModelInfo> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The loaded model.</summary>
        public Task<ModelInfo> Outcome => _outcome.Task;

        public void Succeed(ModelInfo info) => _outcome.TrySetResult(info);

        public void Fail(Exception error)
        {
            _outcome.TrySetException(error);
            _ = _outcome.Task.Exception; // there may be no call left to observe it
        }
    }
}
