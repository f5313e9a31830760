using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Orchard.Interleaving;

namespace Orchard;

/// <summary>Stands in for the framework's unbounded channel with one reader, whose continuations run elsewhere.</summary>
internal static class Channel
{
    public static Channel<T> CreateUnbounded<T>(UnboundedChannelOptions options) => new(options);
}

/// <summary>A queue that can be closed, with an error or without.</summary>
internal sealed class Channel<T>
{
    private readonly Queue<T> _items = new();
    private readonly Task<int> _completion = new("the end of a channel", TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<bool>? _waiting;
    private Exception? _error;
    private bool _isClosed;

    public Channel(UnboundedChannelOptions options)
    {
        if (options.AllowSynchronousContinuations)
        {
            throw new NotSupportedException("Continuations in place are not simulated.");
        }
    }

    public Channel<T> Reader => this;

    public Channel<T> Writer => this;

    public Task Completion => _completion;

    public bool TryWrite(T item)
    {
        Schedule.Point("writes to a channel");
        if (_isClosed)
        {
            return false;
        }

        _items.Enqueue(item);
        WakeReader(true);
        return true;
    }

    public bool TryComplete(Exception? error = null)
    {
        Schedule.Point("closes a channel");
        if (_isClosed)
        {
            return false;
        }

        _isClosed = true;
        _error = error;
        if (_items.Count == 0)
        {
            WakeReader(false);
            EndCompletion();
        }

        return true;
    }

    public bool TryRead([MaybeNullWhen(false)] out T item)
    {
        Schedule.Point("reads from a channel");
        bool read = _items.TryDequeue(out item);
        if (read && _isClosed && _items.Count == 0)
        {
            EndCompletion();
        }

        return read;
    }

    public bool TryPeek([MaybeNullWhen(false)] out T item)
    {
        Schedule.Point("looks into a channel");
        return _items.TryPeek(out item);
    }

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        Schedule.Point("waits for a channel");
        if (cancellationToken.IsCancellationRequested)
        {
            return new(Task.FromCanceled<bool>(cancellationToken));
        }

        if (_items.Count > 0)
        {
            return new(true);
        }

        if (_isClosed)
        {
            return _error is null ? new(false) : new(Task.FromException<bool>(_error));
        }

        if (_waiting is { IsOver: false })
        {
            throw new InvalidOperationException("Two readers wait for a channel that has one.");
        }

        var waiting = new Task<bool>("a wait for a channel", TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting = waiting;
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (_, token) => waiting.TryFail(new OperationCanceledException(token)), null);
        waiting.Then(() => registration.Unregister());
        return new(waiting);
    }

    private void WakeReader(bool more)
    {
        (Task<bool>? waiting, _waiting) = (_waiting, null);
        if (_error is not null && !more)
        {
            waiting?.TryFail(_error);
        }
        else
        {
            waiting?.TrySucceed(more);
        }
    }

    private void EndCompletion()
    {
        if (_error is null)
        {
            _completion.TrySucceed(0);
        }
        else
        {
            _completion.TryFail(_error);
            _ = _completion.Exception; // the framework does not ask for it to be looked at either
        }
    }
}
