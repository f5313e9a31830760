using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;

namespace Orchard.Engine.Serving.Models;

/// <summary>
/// Makes room for models before they are loaded. Models that are idle leave, the least recently used one first. If there are none, the load
/// waits; after a while, the least recently used model gets no new requests, and leaves when those that it has are complete. Thread-safe.
/// </summary>
/// <param name="ledger">Counts the memory.</param>
/// <param name="users">Returns all models.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs which models leave.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no wait handle, and loads may end at any time.")]
internal sealed class ModelMemory(MemoryLedger ledger, Func<IEnumerable<IMemoryUser>> users, TimeProvider time, ILogger logger)
{
    /// <summary>How long a load waits for a model to be idle (2 s).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Reserves the memory of a load, waiting for it if other models have it.</summary>
    /// <param name="user">The model.</param>
    /// <param name="owner">Identifies the reservation.</param>
    /// <param name="needs">What the model needs.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The bytes that the model may take.</returns>
    /// <exception cref="InsufficientMemoryException">It would not fit if all others left that may.</exception>
    public async Task<long> ReserveAsync(IMemoryUser user, object owner, ModelNeeds needs, CancellationToken cancellationToken)
    {
        if (ledger.TryReserve(owner, needs.Enough, needs.Most, out long granted))
        {
            return granted;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long start = time.GetTimestamp();
            Task leaving = Task.CompletedTask;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (ledger.TryReserve(owner, needs.Enough, needs.Most, out granted))
                {
                    return granted;
                }

                if (await TryEvictIdleAsync(user).ConfigureAwait(false))
                {
                    continue;
                }

                if (ledger.TryReserve(owner, needs.Least, needs.Most, out granted))
                {
                    return granted;
                }

                ThrowIfItNeverFits(user, needs);
                if (leaving.IsCompleted && time.GetElapsedTime(start) >= Patience)
                {
                    leaving = RetireOne(user);
                }

                await Task.Delay(PollInterval, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Replaces the reservation of a load by that of the loaded model.</summary>
    public void Settle(object owner, LoadedModelHandle model) => ledger.Settle(owner, model);

    /// <summary>Ends a reservation, if there is one.</summary>
    public void Release(object owner) => ledger.Release(owner);

    private async Task<bool> TryEvictIdleAsync(IMemoryUser beneficiary)
    {
        foreach (IMemoryUser other in Others(beneficiary))
        {
            if (other.TryEvict() is { } freed)
            {
                logger.Evicted(other.CanonicalId, beneficiary.CanonicalId);
                await freed.ConfigureAwait(false);
                return true;
            }
        }

        return false;
    }

    private Task RetireOne(IMemoryUser beneficiary)
    {
        foreach (IMemoryUser other in Others(beneficiary))
        {
            if (other.TryEvict(evenIfBusy: true) is { } freed)
            {
                logger.Evicting(other.CanonicalId, beneficiary.CanonicalId);
                return freed;
            }
        }

        return Task.CompletedTask;
    }

    private IEnumerable<IMemoryUser> Others(IMemoryUser beneficiary) =>
        users().Where(user => user != beneficiary).OrderBy(static user => user.LastUse);

    private void ThrowIfItNeverFits(IMemoryUser beneficiary, ModelNeeds needs)
    {
        IMemoryUser[] pinned = [.. users().Where(static user => user.IsPinned)];
        HashSet<object?> staying = [.. pinned.Select(static user => user.Model)];
        long free = ledger.FreeWith(staying.Contains);
        if (free < needs.Least)
        {
            string names = string.Join(", ", pinned.Select(static user => user.CanonicalId).Order(StringComparer.Ordinal));
            string who = pinned.Length == 0 ? "" : $" Models that clients keep loaded take a part of it: {names}.";
            throw new InsufficientMemoryException(
                $"The model '{beneficiary.CanonicalId}' needs {Megabytes(needs.Least)} of memory, but at most {Megabytes(free)} are free."
                + $"{who} {needs.Advice}");
        }
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / (1024.0 * 1024):N0} MiB");
}
