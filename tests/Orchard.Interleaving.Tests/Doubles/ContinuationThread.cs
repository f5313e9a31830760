using Orchard.Interleaving;

namespace Orchard.Connection.Transport;

/// <summary>Stands in for the client's: every continuation has a thread to go on, as with the pool behind the real one.</summary>
internal sealed class ContinuationThread : IDisposable
{
    public void Run(IThreadPoolWorkItem item) => Schedule.Current!.Queue("a caller goes on", item.Execute);

    public void Dispose()
    {
    }
}
