namespace Orchard.Engine.Inference.Media;

/// <summary>
/// Bounds the memory of the embeddings that requests hold: a request whose images are to be encoded waits until those before it hold less.
/// Requests that have begun may exceed the bound. Thread-safe.
/// </summary>
/// <param name="capacity">Bytes from which on requests wait.</param>
internal sealed class MediaRoom(long capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _waiting = []; // guarded by _gate
    private long _held; // guarded by _gate

    /// <summary>Bytes that requests hold.</summary>
    public long Held
    {
        get
        {
            lock (_gate)
            {
                return _held;
            }
        }
    }

    /// <summary>Waits for room.</summary>
    public async ValueTask<IMediaLease> ReserveAsync(CancellationToken cancellationToken)
    {
        while (WaitForRoom() is { } wait)
        {
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return new Lease(this);
    }

    private Task? WaitForRoom()
    {
        lock (_gate)
        {
            if (_held < capacity)
            {
                return null;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    private void Change(long bytes)
    {
        lock (_gate)
        {
            _held += bytes;
            while (_held < capacity && _waiting.TryDequeue(out TaskCompletionSource? turn))
            {
                turn.TrySetResult(); // it looks again, and so does one whose wait has been cancelled
            }
        }
    }

    private sealed class Lease(MediaRoom room) : IMediaLease
    {
        private readonly Lock _gate = new();
        private List<EncodedMedia>? _held = []; // guarded by _gate; null: disposed

        public bool TryAdd(EncodedMedia media)
        {
            lock (_gate)
            {
                if (_held is null)
                {
                    return false;
                }

                media.Hold();
                _held.Add(media);
                room.Change(media.Bytes);
                return true;
            }
        }

        public void Dispose()
        {
            List<EncodedMedia>? held;
            lock (_gate)
            {
                (held, _held) = (_held, null);
            }

            foreach (EncodedMedia media in held ?? [])
            {
                media.Release();
                room.Change(-media.Bytes);
            }
        }
    }
}
