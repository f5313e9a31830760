using System.Collections.Concurrent;
using Orchard.Concurrency;

namespace Orchard.Remote.Models;

/// <summary>The models of an endpoint that were used: each is asked for once, however many callers need it. Thread-safe.</summary>
/// <param name="inquiry">Asks the servers.</param>
internal sealed class RemoteModels(ModelInquiry inquiry)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the model, and counts its user until the result is disposed.</summary>
    /// <param name="model">The name of the model, without that of the endpoint.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<ModelUse> UseAsync(string model, CancellationToken cancellationToken)
    {
        Entry entry = _entries.GetOrAdd(model, name => new Entry(inquiry, name));
        entry.Enter();
        try
        {
            return new ModelUse(await entry.Flight.GetAsync(cancellationToken).ConfigureAwait(false), entry.Leave);
        }
        catch
        {
            entry.Leave();
            throw;
        }
    }

    /// <summary>Returns the status of a model.</summary>
    public ModelStatus GetStatus(string model) => _entries.TryGetValue(model, out Entry? entry)
        ? entry.Describe()
        : new Entry(inquiry, model).Describe();

    /// <summary>Returns the status of every model that was used.</summary>
    public IReadOnlyList<ModelStatus> List() => [.. _entries.Values.Select(static entry => entry.Describe())];

    /// <summary>Waits until no server is being asked.</summary>
    public Task EndedAsync() => Task.WhenAll(_entries.Values.Select(static entry => entry.Flight.LastAttemptAsync()));

    private sealed class Entry(ModelInquiry inquiry, string model)
    {
        private int _users;

        public SingleFlight<RemoteModel> Flight { get; } =
            new(cancellationToken => inquiry.AskAsync(model, cancellationToken), static found => !found.IsStale);

        public void Enter() => Interlocked.Increment(ref _users);

        public void Leave() => Interlocked.Decrement(ref _users);

        public ModelStatus Describe()
        {
            bool isReady = Flight.TryGetCurrent(out RemoteModel? found);
            Task<RemoteModel>? last = Flight.LastOutcome;
            return new ModelStatus
            {
                Id = inquiry.NameOf(model),
                Path = inquiry.Address.ToString(),
                State = isReady ? ModelState.Ready
                    : last is { IsCompleted: false } ? ModelState.Loading
                    : last is { IsFaulted: true } ? ModelState.Failed
                    : ModelState.Idle,
                Info = isReady ? found!.Info : null,
                Error = !isReady && last is { IsFaulted: true } ? last.Exception!.InnerException : null,
                Users = Volatile.Read(ref _users),
            };
        }
    }
}
