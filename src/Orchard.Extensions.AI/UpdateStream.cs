using Microsoft.Extensions.AI;

namespace Orchard;

/// <summary>
/// The pieces of an answer as updates. Written by hand, since an iterator around an iterator would be a good part of what a token costs.
/// </summary>
internal sealed class UpdateStream(ResponseMapping response, IAsyncEnumerable<ChatDelta> deltas) : IAsyncEnumerable<ChatResponseUpdate>
{
    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(response, deltas.GetAsyncEnumerator(cancellationToken));

    private sealed class Enumerator(ResponseMapping response, IAsyncEnumerator<ChatDelta> deltas) : IAsyncEnumerator<ChatResponseUpdate>
    {
        private ChatDelta? _mapped;
        private ChatResponseUpdate? _update;

        public ChatResponseUpdate Current
        {
            get
            {
                ChatDelta delta = deltas.Current;
                if (_update is null || !ReferenceEquals(_mapped, delta))
                {
                    (_mapped, _update) = (delta, response.ToUpdate(delta));
                }

                return _update;
            }
        }

        public ValueTask<bool> MoveNextAsync() => deltas.MoveNextAsync();

        public ValueTask DisposeAsync() => deltas.DisposeAsync();
    }
}
