namespace Orchard.Calls;

/// <summary>Passes everything on: the real one implements an interface of the framework, whose tasks are not the ones used here.</summary>
internal sealed class OneReadAtATime<T>(IAsyncEnumerable<T> stream) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => stream.GetAsyncEnumerator(cancellationToken);
}
