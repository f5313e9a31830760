using Orchard.Protocol;
using Orchard.Protocol.Processes;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine;

/// <summary>
/// The files that exist in a namespace while an engine serves it: the sockets, <c>engine.pid</c> and <c>engine.ready</c>. Removes them also
/// when the process exits without an orderly stop. Thread-safe.
/// </summary>
/// <param name="root">The namespace.</param>
/// <param name="openLog">Called when everything else is there, to switch the log to its file; null to leave it.</param>
internal sealed class EngineFiles(EngineRoot root, Action? openLog = null)
{
    private readonly Lock _gate = new();
    private readonly List<UnixSocketListener> _listeners = [];
    private FileLock? _lock;

    public EngineRoot Root => root;

    /// <summary>Creates the folders and acquires the instance lock, so that no other engine serves the namespace.</summary>
    /// <exception cref="EngineStartException">Another engine serves the namespace.</exception>
    /// <exception cref="IOException">A folder or the lock file could not be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to write there.</exception>
    public async Task AcquireAsync(IProcessProbe processes, TimeProvider time)
    {
        root.Create();
        FileLock acquired = await InstanceLock.AcquireAsync(root, processes, time).ConfigureAwait(false);
        lock (_gate)
        {
            _lock = acquired;
        }
    }

    /// <summary>Listens on a socket of the namespace. The caller disposes the listener.</summary>
    /// <exception cref="ArgumentException">The path is not a valid socket path.</exception>
    /// <exception cref="SocketInUseException">There is another listener.</exception>
    /// <exception cref="IOException">The path is not a socket, or it cannot be bound.</exception>
    public UnixSocketListener Listen(string path, ISpServer server, Action<ConnectionEnd> onConnectionEnd)
    {
        UnixSocketListener listener = UnixSocketListener.Start(path, server, onConnectionEnd);
        lock (_gate)
        {
            _listeners.Add(listener);
        }

        return listener;
    }

    /// <summary>
    /// Writes <c>engine.pid</c> and <c>engine.ready</c>, then opens the log. Until then, the reason for a failure is on standard error,
    /// which also works on a full disk.
    /// </summary>
    /// <exception cref="IOException">A path is taken by something else, or the folder is not writable.</exception>
    /// <exception cref="UnauthorizedAccessException">The user has no permission to write there.</exception>
    public void Complete()
    {
        PidFile.Write(root.PidFile, Environment.ProcessId);
        PidFile.Write(root.ReadyFile, Environment.ProcessId);
        openLog?.Invoke();
    }

    /// <summary>Removes <c>engine.pid</c> and <c>engine.ready</c>, but not those of another engine.</summary>
    public void RemoveIdentity()
    {
        lock (_gate)
        {
            if (_lock is not null)
            {
                PidFile.RemoveOwn(root.ReadyFile, Environment.ProcessId);
                PidFile.RemoveOwn(root.PidFile, Environment.ProcessId);
            }
        }
    }

    /// <summary>Removes all files. Nothing else ends: connections and the instance lock last until the process has exited.</summary>
    public void RemoveAll()
    {
        lock (_gate)
        {
            // Without the lock, the files are those of another engine.
            if (_lock is not null)
            {
                RemoveIdentity();
                _listeners.ForEach(static listener => listener.RemoveFile());
            }
        }
    }

    /// <summary>Releases the instance lock after the listeners have been disposed.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _lock?.Dispose();
            _lock = null;
        }
    }
}
