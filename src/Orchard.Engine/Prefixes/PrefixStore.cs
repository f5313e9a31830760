using Orchard.Engine.Inference;
using Orchard.Engine.Native;

namespace Orchard.Engine.Prefixes;

/// <summary>
/// The files of one loaded model: reads and writes them in the background. Thread-safe but for loads, which belong to one thread.
/// </summary>
internal sealed class PrefixStore : IDisposable
{
    /// <summary>Fewer tokens are computed again rather than kept.</summary>
    public const int LeastTokens = 256;

    // While other work needs the processors, a megabyte is written in each of these intervals.
    private static readonly TimeSpan BusyInterval = TimeSpan.FromMilliseconds(50);

    private readonly PrefixFolder _folder;
    private readonly PrefixKey _key;
    private readonly bool _isWhole;
    private readonly Lock _gate = new();
    private readonly List<PrefixLoad> _loads = []; // used by the thread that loads
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private readonly CancellationTokenSource _closing = new();
    private volatile PrefixIndex _index;

    private PrefixStore(PrefixFolder folder, PrefixKey key, bool isWhole, List<StoredPrefix> files)
    {
        _folder = folder;
        _key = key;
        _isWhole = isWhole;
        _index = new PrefixIndex(files, isWhole);
    }

    /// <summary>Called on another thread when a file was read or written.</summary>
    public Action? Changed { get; set; }

    /// <summary>Returns whether other work needs the processors; null if there is none.</summary>
    public Func<bool>? IsBusy { get; set; }

    /// <summary>Whether a file is being written.</summary>
    public bool IsWriting => !_idle.IsSet;

    /// <summary>Opens the files of a model.</summary>
    /// <param name="folder">The folder with the files of all models.</param>
    /// <param name="key">The model and all settings that its state depends on.</param>
    /// <param name="isWhole">Whether only all tokens of a state can be used.</param>
    public static PrefixStore Open(PrefixFolder folder, PrefixKey key, bool isWhole) =>
        new(folder, key, isWhole, folder.Scan(key.ModelDigest));

    /// <summary>Most bytes of a state that is kept.</summary>
    public long MostStateBytes => Math.Min(_folder.Limits.FileBytes, SystemMemory.AvailableBytes / 4);

    /// <summary>Returns the best file for a prompt; null if there is none.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="adapters">The adapters; null for the plain model.</param>
    /// <param name="tokens">How many of its tokens need not be computed.</param>
    public StoredPrefix? Find(ReadOnlySpan<int> prompt, AdapterSet? adapters, out int tokens)
    {
        tokens = 0;

        // The last token is always computed: its logits are needed.
        return _key.With(adapters) is { } key && prompt.Length > 0 ? _index.Find(key, prompt[..^1], out tokens) : null;
    }

    /// <summary>Returns how many of the tokens of a slot are in no file; 0 if they cannot be kept.</summary>
    public int CountNew(ReadOnlySpan<int> tokens, AdapterSet? adapters)
    {
        if (_key.With(adapters) is not { } key || tokens.ContainsAnyExceptInRange(0, int.MaxValue))
        {
            return 0;
        }

        _index.Find(key, tokens, out int known);
        return tokens.Length - known;
    }

    /// <summary>Starts to read a file, or joins those who wait for it. Each call needs a call of <see cref="Release"/>.</summary>
    public PrefixLoad Load(StoredPrefix prefix)
    {
        PrefixLoad? load = _loads.Find(other => other.Prefix == prefix);
        if (load is null)
        {
            _loads.Add(load = new PrefixLoad(prefix));
            PrefixLoad started = load;
            _ = Task.Run(() => Read(started)); // never throws
        }

        load.Users++;
        return load;
    }

    /// <summary>Ends the wait of one sequence. The last one frees the state.</summary>
    public void Release(PrefixLoad load)
    {
        if (--load.Users == 0)
        {
            _loads.Remove(load);
            load.Dispose();
        }
    }

    /// <summary>Forgets a file whose state the library did not accept.</summary>
    public void Reject(StoredPrefix prefix)
    {
        Forget(prefix);
        _folder.Remove(prefix.Path, $"'{prefix.Path}' cannot be used: llama.cpp does not accept its state.");
    }

    /// <summary>Writes a file in the background, unless another one is being written.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="adapters">The adapters.</param>
    /// <param name="state">The state; owned from here on.</param>
    /// <param name="deadline">Ends the write; null for no end but that of the store.</param>
    public void Save(int[] tokens, AdapterSet? adapters, NativeBuffer state, CancellationToken deadline = default)
    {
        if (_key.With(adapters) is not { } key || IsWriting)
        {
            state.Dispose();
            return;
        }

        _idle.Reset();
        _ = Task.Run(() => Write(key, tokens, state, deadline), CancellationToken.None); // never throws
    }

    /// <summary>Waits until no file is being written. Returns false if the time is over.</summary>
    public bool WaitForWrite(TimeSpan limit) => _idle.Wait(limit);

    /// <summary>Gives up what is being written.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _loads.ForEach(static load => load.Dispose());
        _loads.Clear();
    }

    private void Read(PrefixLoad load)
    {
        NativeBuffer? state = null;
        try
        {
            if (load.Prefix.StateBytes <= SystemMemory.AvailableBytes / 2)
            {
                state = PrefixFile.ReadState(load.Prefix);
                _folder.Touch(load.Prefix);
            }
        }
        catch (InvalidDataException e)
        {
            Forget(load.Prefix);
            _folder.Remove(load.Prefix.Path, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            Forget(load.Prefix);
        }
        finally
        {
            load.Complete(state);
            Changed?.Invoke();
        }
    }

    private void Write(string key, int[] tokens, NativeBuffer state, CancellationToken deadline)
    {
        try
        {
            if (_folder.Write(_key, key, tokens, state, () => BeforeChunk(deadline)) is { } written)
            {
                Add(written);
            }
        }
        finally
        {
            state.Dispose();
            _idle.Set();
            Changed?.Invoke();
        }
    }

    private void BeforeChunk(CancellationToken deadline)
    {
        deadline.ThrowIfCancellationRequested();
        _closing.Token.ThrowIfCancellationRequested();
        if (!deadline.CanBeCanceled && IsBusy?.Invoke() == true)
        {
            _closing.Token.WaitHandle.WaitOne(BusyInterval);
        }
    }

    // A longer file replaces those that are a beginning of it.
    private void Add(StoredPrefix written)
    {
        lock (_gate)
        {
            List<StoredPrefix> others = [.. _index.Files.Where(file => file.Path != written.Path)];
            List<StoredPrefix> replaced = _isWhole ? [] : others.FindAll(file => IsBeginning(file, written));
            _index = new PrefixIndex([.. others.Except(replaced), written], _isWhole);
            replaced.ForEach(static file => PrefixFile.TryDelete(file.Path));
        }
    }

    private static bool IsBeginning(StoredPrefix file, StoredPrefix of) =>
        file.Key == of.Key && of.Tokens.AsSpan().StartsWith(file.Tokens);

    private void Forget(StoredPrefix prefix)
    {
        lock (_gate)
        {
            _index = new PrefixIndex([.. _index.Files.Where(file => file != prefix)], _isWhole);
        }
    }
}
