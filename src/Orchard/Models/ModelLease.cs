namespace Orchard.Models;

/// <summary>A use of a loaded model, which is not unloaded until the lease is disposed.</summary>
internal sealed class ModelLease(ModelEntry entry, ReadyModel model) : IDisposable
{
    private int _disposed;

    public ReadyModel Model { get; } = model;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            entry.Leave();
        }
    }
}
