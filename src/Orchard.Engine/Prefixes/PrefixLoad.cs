using Orchard.Engine.Native;

namespace Orchard.Engine.Prefixes;

/// <summary>A file that is being read for sequences that wait for it.</summary>
internal sealed class PrefixLoad(StoredPrefix prefix) : IDisposable
{
    private readonly Lock _gate = new();
    private NativeBuffer? _state;
    private bool _isDone;
    private bool _isDisposed;

    public StoredPrefix Prefix => prefix;

    /// <summary>Number of sequences that wait for it. Used by the scheduler's thread only.</summary>
    public int Users { get; set; }

    /// <summary>Whether the file was read, or could not be.</summary>
    public bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return _isDone;
            }
        }
    }

    /// <summary>The state, when it was read; null if it cannot be used.</summary>
    public NativeBuffer? State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Ends the load.</summary>
    /// <param name="state">The state; owned from here on. Null if it cannot be used.</param>
    public void Complete(NativeBuffer? state)
    {
        lock (_gate)
        {
            _isDone = true;
            _state = state;
            if (_isDisposed)
            {
                state?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _state?.Dispose();
            _state = null;
        }
    }
}
