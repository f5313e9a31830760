using System.Diagnostics.CodeAnalysis;

namespace Orchard.Models;

/// <summary>
/// Counts the users of a model and grants exclusive access while there are none. New users are admitted at any time except during
/// exclusive access, which therefore waits for all users, including those that arrive during the wait. Blocking new users instead could
/// deadlock: a current user may depend on a new one. Thread-safe.
/// </summary>
internal sealed class UseCount
{
    private readonly Lock _gate = new();
    private int _users; // guarded by _gate
    private TaskCompletionSource? _vacated; // guarded by _gate
    private TaskCompletionSource? _reopened; // guarded by _gate

    /// <summary>Current number of users.</summary>
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

    /// <summary>Whether exclusive access is granted.</summary>
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

    /// <summary>Adds a user. During exclusive access it returns false, and the task completes when the caller should try again.</summary>
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

    /// <summary>Removes a user.</summary>
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

    /// <summary>Takes exclusive access; false while there are users. Must be followed by <see cref="Reopen"/>.</summary>
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

    /// <summary>Waits until there are no users. There may be new ones when the wait completes.</summary>
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

    /// <summary>Ends exclusive access and admits users again.</summary>
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
