using System.Diagnostics.CodeAnalysis;
using Orchard.Interleaving;

namespace Orchard;

/// <summary>
/// Stands in for the framework's, and gives out real tokens. Its own are the steps, and the wait of a linked one, when disposed, for a
/// callback that runs on another thread.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "Disposed as the framework's is.")]
internal sealed class CancellationTokenSource : IDisposable
{
    private readonly System.Threading.CancellationTokenSource _inner;
    private readonly List<Link> _links = [];
    private bool _isCancelling;

    public CancellationTokenSource() => _inner = new System.Threading.CancellationTokenSource();

    public CancellationTokenSource(TimeSpan delay, TimeProvider time) => _inner = new System.Threading.CancellationTokenSource(delay, time);

    public bool IsCancellationRequested
    {
        get
        {
            Schedule.Point("looks whether it was cancelled");
            return _isCancelling || _inner.IsCancellationRequested;
        }
    }

    public CancellationToken Token => _inner.Token;

    public static CancellationTokenSource CreateLinkedTokenSource(CancellationToken first, CancellationToken second)
    {
        var linked = new CancellationTokenSource();
        linked._links.Add(new Link(first, linked._inner));
        linked._links.Add(new Link(second, linked._inner));
        return linked;
    }

    public void Cancel()
    {
        Schedule.Point("cancels");
        _inner.Cancel();
    }

    /// <summary>The source is cancelled when this returns; the callbacks run elsewhere.</summary>
    public Task CancelAsync()
    {
        _isCancelling = true;
        return Task.Run(
            () =>
            {
                Cancel();
                return Task.CompletedTask;
            },
            "a cancellation");
    }

    public void Dispose()
    {
        foreach (Link link in _links)
        {
            link.Dispose();
        }

        _inner.Dispose();
    }

    private sealed class Link : IDisposable
    {
        private readonly CancellationTokenRegistration _registration;
        private Worker? _running;

        public Link(CancellationToken token, System.Threading.CancellationTokenSource target) =>
            _registration = token.UnsafeRegister(
                _ =>
                {
                    _running = Worker.Current;
                    target.Cancel();
                    _running = null;
                },
                null);

        public void Dispose()
        {
            if (!_registration.Unregister() && _running is not null && _running != Worker.Current)
            {
                Schedule.BlockUntil(() => _running is null, "a cancellation callback");
            }
        }
    }
}
