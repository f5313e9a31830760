namespace Orchard.Engine.Serving.Models;

/// <summary>
/// The memory of all loaded and loading models together. The operating system counts memory only when it is used for the first time, and
/// a KV cache is used bit by bit, so what the models have reserved is counted here. Thread-safe.
/// </summary>
/// <param name="available">Returns the bytes that the system could give to this process now.</param>
/// <param name="limit">Most bytes that all models together may take; null for what there is.</param>
internal sealed class MemoryLedger(Func<long> available, long? limit = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, Reservation> _reservations = [];

    /// <summary>Reserves memory for a model that is about to be loaded: what it needs, and up to half of the rest.</summary>
    /// <param name="owner">Identifies the reservation.</param>
    /// <param name="least">The least number of bytes.</param>
    /// <param name="most">The greatest number of bytes.</param>
    /// <param name="granted">What is reserved.</param>
    public bool TryReserve(object owner, long least, long most, out long granted)
    {
        lock (_gate)
        {
            long free = Free(static _ => true);
            granted = Math.Min(most, least + ((free - least) / 2));
            if (free < least)
            {
                return false;
            }

            _reservations[owner] = new Reservation(granted, static () => 0);
            return true;
        }
    }

    /// <summary>Replaces the reservation of a load by that of the loaded model.</summary>
    public void Settle(object owner, LoadedModelHandle model)
    {
        lock (_gate)
        {
            _reservations.Remove(owner);
            _reservations[model] = new Reservation(model.ReservedBytes, model.ResidentBytes);
        }
    }

    /// <summary>Ends a reservation, if there is one.</summary>
    public void Release(object owner)
    {
        lock (_gate)
        {
            _reservations.Remove(owner);
        }
    }

    /// <summary>Returns the bytes that would be neither used nor reserved if only the reservations of some owners were left.</summary>
    public long FreeWith(Func<object, bool> stays)
    {
        lock (_gate)
        {
            return Free(stays);
        }
    }

    private long Free(Func<object, bool> stays)
    {
        long free = available();
        long allowed = limit ?? long.MaxValue;
        foreach ((object owner, Reservation reservation) in _reservations)
        {
            long resident = Math.Min(reservation.Resident(), reservation.Bytes);
            if (stays(owner))
            {
                free -= reservation.Bytes - resident;
                allowed -= reservation.Bytes;
            }
            else
            {
                free += free > long.MaxValue - resident ? 0 : resident;
            }
        }

        return Math.Max(0, Math.Min(free, allowed));
    }

    /// <param name="Bytes">What is reserved.</param>
    /// <param name="Resident">Returns how much of it the system has counted as used already.</param>
    private readonly record struct Reservation(long Bytes, Func<long> Resident);
}
