using Orchard.Interleaving;

namespace Orchard;

/// <summary>Stands in for the framework's with room for one: who waits is let in in turn.</summary>
internal sealed class SemaphoreSlim
{
    private readonly Queue<Task<int>> _waiting = new();
    private bool _isTaken;

    public SemaphoreSlim(int initialCount, int maxCount)
    {
        if ((initialCount, maxCount) != (1, 1))
        {
            throw new NotSupportedException("Only a semaphore of one is simulated.");
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        Schedule.Point("enters a semaphore");
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new Task<int>("a semaphore", TaskCreationOptions.RunContinuationsAsynchronously);
        if (_isTaken)
        {
            _waiting.Enqueue(turn);
        }
        else
        {
            _isTaken = true;
            turn.TrySucceed(0);
        }

        return turn;
    }

    public void Release()
    {
        Schedule.Point("leaves a semaphore");
        if (_waiting.TryDequeue(out Task<int>? next))
        {
            next.TrySucceed(0);
        }
        else
        {
            _isTaken = false;
        }
    }
}
