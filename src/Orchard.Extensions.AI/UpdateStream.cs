using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// Converts the parts of an answer to updates. Each enumeration is a response of its own. Implemented without an iterator: a second one
/// around that of the client would add noticeably to the cost of a token.
/// </summary>
internal sealed class UpdateStream(ResponseMapping response, IAsyncEnumerable<ChatDelta> deltas)
    : IAsyncEnumerable<ChatResponseUpdate>
{
    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(response.Again(), deltas.GetAsyncEnumerator(cancellationToken));

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
