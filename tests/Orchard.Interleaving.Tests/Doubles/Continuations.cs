using Orchard.Interleaving;

namespace Orchard.Connection.Transport;

/// <summary>Replaces the client's class. Every continuation has a thread to run on, as with the pool behind the real one.</summary>
internal static class Continuations
{
    public static void Run(IThreadPoolWorkItem item) => Schedule.Current!.Queue("a caller continues", item.Execute);
}
