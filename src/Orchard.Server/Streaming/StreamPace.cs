namespace Orchard.Server.Streaming;

/// <summary>When a streamed response sends something although there is no part yet. Immutable; thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="headerDelay">How long the headers wait for the first part.</param>
/// <param name="heartbeatInterval">How often something is sent while there is no part.</param>
internal sealed class StreamPace(TimeProvider time, TimeSpan headerDelay, TimeSpan heartbeatInterval)
{
    private TimeProvider Time { get; } = time;

    private TimeSpan HeaderDelay { get; } = headerDelay;

    private TimeSpan HeartbeatInterval { get; } = heartbeatInterval;

    /// <summary>Copies the parts of an answer to a response, and sends each as soon as it is there.</summary>
    /// <remarks>
    /// An error before the headers are sent can still have its own status code. An answer whose first part is a long time coming gets its
    /// headers before, so that clients see that the request is being served.
    /// </remarks>
    /// <param name="open">Starts the answer, which the token ends.</param>
    /// <param name="response">The response.</param>
    /// <param name="write">Writes a part.</param>
    /// <param name="writeHeartbeat">Writes what keeps the connection alive.</param>
    /// <param name="isPreliminary">Whether a part says nothing yet, so that headers need not be sent for it.</param>
    /// <param name="cancellationToken">Ends the answer.</param>
    public async Task CopyAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open,
        StreamedResponse response,
        Action<T> write,
        Action writeHeartbeat,
        Func<T, bool> isPreliminary,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<T> reader = open(stop.Token).GetAsyncEnumerator(stop.Token);
        await using (reader.ConfigureAwait(false))
        {
            try
            {
                var held = new Queue<T>();
                var idle = new Idle(this, response, () => WriteHeldOr(held, write, writeHeartbeat), stop.Token);
                while (await NextAsync(reader, idle, stop).ConfigureAwait(false))
                {
                    if (!response.HasStarted && isPreliminary(reader.Current))
                    {
                        held.Enqueue(reader.Current);
                        continue;
                    }

                    await response.StartAsync().ConfigureAwait(false);
                    WriteHeldOr(held, write, static () => { });
                    write(reader.Current);
                    idle.OnWritten();
                }

                await response.StartAsync().ConfigureAwait(false);
                WriteHeldOr(held, write, static () => { });
            }
            finally
            {
                await stop.CancelAsync().ConfigureAwait(false); // the timer
            }
        }
    }

    private static void WriteHeldOr<T>(Queue<T> held, Action<T> write, Action otherwise)
    {
        if (held.Count == 0)
        {
            otherwise();
        }

        while (held.TryDequeue(out T? part))
        {
            write(part);
        }
    }

    // Parts that are there already are sent together.
    private static async ValueTask<bool> NextAsync<T>(IAsyncEnumerator<T> reader, Idle idle, CancellationTokenSource stop)
    {
        ValueTask<bool> next = reader.MoveNextAsync();
        if (next.IsCompleted)
        {
            return await next.ConfigureAwait(false);
        }

        Task<bool> pending = next.AsTask();
        try
        {
            await idle.UntilAsync(pending).ConfigureAwait(false);
        }
        catch
        {
            // The client has gone. A read in progress has to end before the reader can be disposed.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await pending.ConfigureAwait(false);
    }

    /// <summary>What happens while there is no part.</summary>
    private sealed class Idle(StreamPace pace, StreamedResponse response, Action writeHeartbeat, CancellationToken stop)
    {
        private Task? _timer;
        private bool _hasWritten;

        public void OnWritten() => _hasWritten = true;

        public async Task UntilAsync(Task pending)
        {
            if (response.HasStarted)
            {
                await response.FlushAsync().ConfigureAwait(false);
            }

            _timer ??= Delay(pace.HeaderDelay);
            while (await Task.WhenAny(pending, _timer).ConfigureAwait(false) == _timer && !stop.IsCancellationRequested)
            {
                if (!_hasWritten)
                {
                    await response.StartAsync().ConfigureAwait(false);
                    writeHeartbeat();
                    await response.FlushAsync().ConfigureAwait(false);
                }

                _hasWritten = false;
                _timer = Delay(pace.HeartbeatInterval);
            }
        }

        private Task Delay(TimeSpan delay) => Task.Delay(delay, pace.Time, stop);
    }
}
