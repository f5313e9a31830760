using System.Diagnostics.CodeAnalysis;

namespace Orchard.Models;

/// <summary>
/// Who uses a model, and a moment in which nobody does. Users are let in at any time but that moment; whoever wants it waits for the last
/// of them to leave, also of those who came later: a user that needs another one to get on must not wait for an unload that waits for
/// it. Thread-safe.
/// </summary>
internal sealed class UseCount
{
    private readonly Lock _gate = new();
    private int _users; // guarded by _gate
    private TaskCompletionSource? _vacated; // guarded by _gate
    private TaskCompletionSource? _reopened; // guarded by _gate

    /// <summary>How many use it now.</summary>
    public int Users
    {
        get
        {
            lock (_gate)
            {
                return _users;
            }
        }
    }

    /// <summary>Whether somebody has it alone.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _reopened is not null;
            }
        }
    }

    /// <summary>Counts one more user, unless somebody has it alone; then the task says when to try again.</summary>
    public bool TryEnter([NotNullWhen(false)] out Task? reopened)
    {
        lock (_gate)
        {
            reopened = _reopened?.Task;
            if (reopened is null)
            {
                _users++;
            }

            return reopened is null;
        }
    }

    /// <summary>One user less.</summary>
    public void Leave()
    {
        TaskCompletionSource? vacated = null;
        lock (_gate)
        {
            if (--_users == 0)
            {
                (vacated, _vacated) = (_vacated, null);
            }
        }

        vacated?.TrySetResult();
    }

    /// <summary>Closes it when nobody uses it; false when somebody does. To be followed by <see cref="Reopen"/>.</summary>
    public bool TryClose()
    {
        lock (_gate)
        {
            if (_users > 0 || _reopened is not null)
            {
                return false;
            }

            _reopened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    /// <summary>Waits for a moment in which nobody uses it, which may be over when this returns.</summary>
    public Task VacatedAsync(CancellationToken cancellationToken)
    {
        Task next;
        lock (_gate)
        {
            if (_reopened is not null)
            {
                next = _reopened.Task;
            }
            else if (_users == 0)
            {
                return Task.CompletedTask;
            }
            else
            {
                _vacated ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                next = _vacated.Task;
            }
        }

        return next.WaitAsync(cancellationToken);
    }

    /// <summary>Lets users in again.</summary>
    public void Reopen()
    {
        TaskCompletionSource? reopened;
        lock (_gate)
        {
            (reopened, _reopened) = (_reopened, null);
        }

        reopened?.TrySetResult();
    }
}
