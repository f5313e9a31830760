#pragma warning disable CA2012 // the stored task is never awaited; only whether it has completed is read

namespace Orchard.Calls;

/// <summary>
/// Refuses to read from a stream while a read is pending. Without this, the second read would complete the first one's wait in an undefined
/// way, on a thread of the client.
/// </summary>
internal sealed class OneReadAtATime<T>(IAsyncEnumerable<T> stream) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Reader(stream.GetAsyncEnumerator(cancellationToken));

    private sealed class Reader(IAsyncEnumerator<T> items) : IAsyncEnumerator<T>
    {
        private ValueTask<bool> _read = ValueTask.FromResult(true); // the last one, which is not awaited here
        private int _isEntering;

        public T Current => items.Current;

        public ValueTask<bool> MoveNextAsync()
        {
            if (Interlocked.Exchange(ref _isEntering, 1) != 0)
            {
                throw IsPending();
            }

            try
            {
                if (!_read.IsCompleted)
                {
                    throw IsPending();
                }

                return _read = items.MoveNextAsync();
            }
            finally
            {
                Volatile.Write(ref _isEntering, 0);
            }
        }

        public ValueTask DisposeAsync() => items.DisposeAsync();

        private static InvalidOperationException IsPending() => new(
            "The stream is being read already: MoveNextAsync was called before the previous call had completed. Await each call before the "
            + "next one, or give each reader a stream of its own.");
    }
}
