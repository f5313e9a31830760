using Orchard.Callbacks;

namespace Orchard.Models;

/// <summary>Passes the progress of a load to the listener of one call. Thread-safe.</summary>
/// <param name="listener">The caller's listener.</param>
internal sealed class ProgressReports(IProgress<ModelLoadProgress> listener)
{
    private const int Capacity = 64;

    private readonly CallbackQueue _queue = new(Capacity);

    /// <summary>Reports progress. Does not wait for the listener.</summary>
    public void Add(ModelLoadProgress progress) => _queue.Add(() => listener.Report(progress));

    /// <summary>Waits until the listener has handled the reports so far.</summary>
    public Task HandledAsync(CancellationToken cancellationToken) => _queue.DrainedAsync().WaitAsync(cancellationToken);
}
