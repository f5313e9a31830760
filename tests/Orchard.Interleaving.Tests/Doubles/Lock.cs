using Orchard.Interleaving;

namespace System.Threading;

/// <summary>Stands in for the framework's lock, under the name by which the compiler knows it. Only its owner goes past it.</summary>
internal sealed class Lock
{
    private Worker? _owner;
    private int _depth;

    public void Enter()
    {
        if (Worker.Current is not { } worker)
        {
            return; // one thread alone
        }

        Schedule.Point("takes a lock");
        if (_owner != worker)
        {
            if (_owner is not null)
            {
                Schedule.BlockUntil(() => _owner is null, "a lock");
            }

            _owner = worker;
        }

        _depth++;
        worker.Locks++;
    }

    public void Exit()
    {
        if (Worker.Current is not { } worker)
        {
            return;
        }

        if (_owner != worker)
        {
            throw new SynchronizationLockException("A lock was released by a thread that does not hold it.");
        }

        worker.Locks--;
        if (--_depth == 0)
        {
            _owner = null;
            Schedule.Point("has released a lock");
        }
    }

    public Scope EnterScope()
    {
        Enter();
        return new Scope(this);
    }

    public readonly ref struct Scope(Lock owner)
    {
        public void Dispose() => owner.Exit();
    }
}
