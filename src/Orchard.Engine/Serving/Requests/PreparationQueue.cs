namespace Orchard.Engine.Serving.Requests;

/// <summary>
/// Runs the preparation of requests on the thread pool: few at once, and the clients in turn, so that a client with much work cannot
/// stall the others. Thread-safe.
/// </summary>
/// <param name="slots">How many run at once.</param>
/// <param name="slotsPerClient">How many of one client run at once.</param>
internal sealed class PreparationQueue(int slots, int slotsPerClient)
{
    /// <summary>Most waiting requests per client. Further ones make their connection wait, which applies back pressure.</summary>
    public const int MaxWaiting = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Client> _clients = []; // guarded by _gate
    private readonly Queue<Client> _turns = []; // guarded by _gate; the clients whose next work may start
    private TaskCompletionSource? _idle; // guarded by _gate
    private int _running; // guarded by _gate
    private int _count; // guarded by _gate

    /// <summary>Number of requests that run or wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Queues work of a client. Waits while too much of the client's work is waiting.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="work">The work. Must not throw.</param>
    /// <param name="cancellationToken">Ends the wait; the work is then not queued.</param>
    public async ValueTask AddAsync(ulong clientId, Func<Task> work, CancellationToken cancellationToken)
    {
        while (!TryAdd(clientId, work, out Task? room))
        {
            await room!.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs work of a client in its turn and returns the result.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends the wait; work that has not started is then skipped.</param>
    public async Task<T> RunAsync<T>(ulong clientId, Func<T> work, CancellationToken cancellationToken)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task RunAsync()
        {
            if (cancellationToken.IsCancellationRequested)
            {
                result.TrySetCanceled(cancellationToken);
                return Task.CompletedTask;
            }

            try
            {
                result.TrySetResult(work());
            }
            catch (Exception e)
            {
                result.TrySetException(e);
            }

            return Task.CompletedTask;
        }

        await AddAsync(clientId, RunAsync, cancellationToken).ConfigureAwait(false);
        return await result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Completes when nothing runs or waits.</summary>
    public Task IdleAsync()
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private bool TryAdd(ulong clientId, Func<Task> work, out Task? room)
    {
        lock (_gate)
        {
            if (!_clients.TryGetValue(clientId, out Client? client))
            {
                _clients.Add(clientId, client = new Client(clientId));
            }

            if (client.Waiting.Count >= MaxWaiting)
            {
                client.Room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = client.Room.Task;
                return false;
            }

            room = null;
            client.Waiting.Enqueue(work);
            _count++;
            GiveTurn(client);
            StartNext();
            return true;
        }
    }

    // A client is in the queue of turns at most once.
    private void GiveTurn(Client client)
    {
        if (!client.HasTurn && client.Waiting.Count > 0 && client.Running < slotsPerClient)
        {
            client.HasTurn = true;
            _turns.Enqueue(client);
        }
    }

    private void StartNext()
    {
        while (_running < slots && _turns.TryDequeue(out Client? client))
        {
            client.HasTurn = false;
            client.Running++;
            _running++;
            Func<Task> work = client.Waiting.Dequeue();
            client.Room?.TrySetResult();
            client.Room = null;
            GiveTurn(client);
            _ = Task.Run(() => RunAsync(client, work));
        }
    }

    private async Task RunAsync(Client client, Func<Task> work)
    {
        await work().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            client.Running--;
            _running--;
            if (client.Running == 0 && client.Waiting.Count == 0)
            {
                _clients.Remove(client.Id);
            }

            GiveTurn(client);
            StartNext();
            if (--_count == 0)
            {
                _idle?.TrySetResult();
                _idle = null;
            }
        }
    }

    private sealed class Client(ulong id)
    {
        public ulong Id { get; } = id;

        public Queue<Func<Task>> Waiting { get; } = [];

        public int Running { get; set; }

        public bool HasTurn { get; set; }

        /// <summary>Completes when a waiting request has started.</summary>
        public TaskCompletionSource? Room { get; set; }
    }
}
