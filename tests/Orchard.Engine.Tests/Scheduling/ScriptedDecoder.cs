using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Orchard.Engine.Inference;
using Orchard.Engine.Native;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>
/// A decoder whose tokens are determined by the test, and which the test can block in each decode. It records the content of each slot and
/// every call that would be invalid for a real KV cache.
/// </summary>
internal sealed class ScriptedDecoder : IDecoder
{
    private static readonly TimeSpan GateLimit = TimeSpan.FromSeconds(30);

    private readonly Channel<BatchToken[]> _entered = Channel.CreateUnbounded<BatchToken[]>();
    private readonly SemaphoreSlim _released = new(0);
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly ConcurrentQueue<BatchToken[]> _batches = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentDictionary<int, Caller> _threads = new();
    private readonly ConcurrentQueue<int> _cleared = new();
    private readonly Dictionary<int, List<int>> _slots = [];
    private readonly Dictionary<int, (int Token, float Logit)> _nextTokens = [];
    private readonly float[] _logits = new float[ScriptedTokenizer.VocabularySize];
    private volatile bool _isGated;
    private volatile int _roomMade;
    private int _openSnapshots;

    public int SequenceCapacity { get; init; } = 4;

    public int ContextLength { get; init; } = 256;

    /// <summary>Room per slot, in tokens (default: unlimited).</summary>
    public int AllocatedLength { get; set; } = int.MaxValue;

    public int BatchCapacity { get; init; } = 64;

    public int OutputCapacity => Math.Max(SequenceCapacity, 16);

    public bool CanRewind => CanTrim;

    public bool SnapshotsAreComplete { get; init; }

    /// <summary>Size of each snapshot, in bytes (default: 1,000).</summary>
    public int SnapshotBytes { get; init; } = 1_000;

    /// <summary>Whether snapshots can be taken and restored (default: true).</summary>
    public bool HasSnapshots { get; set; } = true;

    /// <summary>Number of tokens in each snapshot that was taken.</summary>
    public ConcurrentQueue<int> Snapshots { get; } = new();

    /// <summary>Number of snapshots that are not disposed.</summary>
    public int OpenSnapshots => Volatile.Read(ref _openSnapshots);

    public int VocabularySize => ScriptedTokenizer.VocabularySize;

    /// <summary>Returns the token that follows the content of a slot.</summary>
    public required Func<IReadOnlyList<int>, int> NextToken { get; init; }

    /// <summary>
    /// Returns the logit of the token that follows the content of a slot, which is how sure the model is of it; the others have zero
    /// (default: one). Samplers of the decoder need the default.
    /// </summary>
    public Func<IReadOnlyList<int>, float> Logit { get; init; } = static _ => 1;

    /// <summary>Whether each decode waits for <see cref="Release"/>.</summary>
    public bool IsGated
    {
        init => _isGated = value;
    }

    /// <summary>Whether slots can be trimmed, which recurrent models do not support (default: true).</summary>
    public bool CanTrim { get; init; } = true;

    /// <summary>Called with the parameters of each new sampler; may throw.</summary>
    public Action<SamplingParameters>? CreatingSampler { get; init; }

    /// <summary>Called with each requested length for which there is no room; may throw.</summary>
    public Action<int>? Reserving { get; set; }

    /// <summary>The room that the next request for more room makes.</summary>
    public int RoomMade
    {
        get => _roomMade;
        set => _roomMade = value;
    }

    public bool IsSlowed { get; set; }

    /// <summary>Called with each batch while it is decoded; may throw.</summary>
    public Action<BatchToken[]>? Decoding { get; set; }

    /// <summary>Called with each batch of embeddings while it is decoded; may throw.</summary>
    public Action<MediaBatch>? DecodingMedia { get; set; }

    /// <summary>Called with each token a sampler is about to return; may throw.</summary>
    public Action<int>? Sampling { get; set; }

    /// <summary>Called with each slot to be cleared; may throw.</summary>
    public Action<int>? Clearing { get; set; }

    /// <summary>Called when the decoder is disposed; may block.</summary>
    public Action? Disposing { get; set; }

    public IReadOnlyList<BatchToken[]> Batches => [.. _batches];

    public IReadOnlyList<string> Violations => [.. _violations];

    public IReadOnlyList<int> Cleared => [.. _cleared];

    /// <summary>All threads that called the decoder.</summary>
    public IReadOnlyCollection<Caller> Threads => [.. _threads.Values];

    public bool IsDisposed { get; private set; }

    /// <summary>Waits until the scheduler is inside its next decode, and returns the batch.</summary>
    public async Task<BatchToken[]> EnteredAsync()
    {
        using var limit = new CancellationTokenSource(GateLimit);
        try
        {
            return await _entered.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("The scheduler did not decode.");
        }
    }

    /// <summary>Lets the current decode return or throw.</summary>
    public void Release(Exception? failure = null)
    {
        if (failure is not null)
        {
            _failures.Enqueue(failure);
        }

        _released.Release();
    }

    /// <summary>Unblocks the current decode and all later ones.</summary>
    public void OpenGate()
    {
        _isGated = false;
        _released.Release();
    }

    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        NoteThread();
        _batches.Enqueue(batch.ToArray());
        Require(batch.Length is > 0 && batch.Length <= BatchCapacity, $"a batch of {batch.Length}");
        _nextTokens.Clear();
        for (int i = 0; i < batch.Length; i++)
        {
            Append(batch[i], i);
        }

        HasPendingCopies = false;
        Decoding?.Invoke(batch.ToArray());
        _entered.Writer.TryWrite(batch.ToArray());
        if (_isGated && !_released.Wait(GateLimit))
        {
            throw new TimeoutException("The test did not release the decode.");
        }

        if (_failures.TryDequeue(out Exception? failure))
        {
            throw failure;
        }
    }

    public void Decode(MediaBatch batch)
    {
        NoteThread();
        HasPendingCopies = false;
        List<int> held = _slots.GetValueOrDefault(batch.Slot) ?? [];
        Require(batch.Position + batch.First == held.Count, $"an image at {batch.Position} in slot {batch.Slot}, which holds {held.Count}");
        held.AddRange(Enumerable.Repeat(batch.Chunk.Placeholder, batch.Count));
        _slots[batch.Slot] = held;
        DecodingMedia?.Invoke(batch);
    }

    public void UseAdapters(AdapterSet? adapters) => NoteThread();

    public bool TryReserve(int length)
    {
        NoteThread();
        Require(length <= ContextLength, $"room for {length}, more than the context");
        if (length > AllocatedLength)
        {
            Reserving?.Invoke(length);
            AllocatedLength = Math.Max(AllocatedLength, RoomMade);
        }

        return length <= AllocatedLength;
    }

    public Span<float> GetLogits(int batchIndex)
    {
        NoteThread();
        Require(_nextTokens.TryGetValue(batchIndex, out (int Token, float Logit) next), $"logits of {batchIndex}, which nobody asked for");
        Array.Clear(_logits);
        _logits[next.Token] = next.Logit;
        return _logits;
    }

    public void ClearSequence(int slot)
    {
        NoteThread();
        Clearing?.Invoke(slot);
        _cleared.Enqueue(slot);
        _slots.Remove(slot);
    }

    public bool TrimSequence(int slot, CachedLength length) => TrimSequence(slot, length.Next);

    private bool TrimSequence(int slot, int length)
    {
        NoteThread();
        List<int> held = _slots.GetValueOrDefault(slot) ?? [];
        Require(length <= held.Count, $"slot {slot} cut to {length}, which holds {held.Count}");
        if (!CanTrim && length is > 0 && length != held.Count)
        {
            _slots.Remove(slot);
            return false;
        }

        _slots[slot] = held[..Math.Min(length, held.Count)];
        return true;
    }

    public bool CopySequence(int source, int destination, CachedLength length)
    {
        NoteThread();
        HasPendingCopies = true;
        _slots[destination] = [.. _slots.GetValueOrDefault(source) ?? []];
        return TrimSequence(destination, length.Next);
    }

    public SequenceSnapshot? TakeSnapshot(int slot)
    {
        NoteThread();
        Require(!CanTrim, "a snapshot of what can be rewound");
        List<int> held = _slots.GetValueOrDefault(slot) ?? [];
        Require(held.Count > 0, $"a snapshot of slot {slot}, which is empty");
        if (!HasSnapshots)
        {
            return null;
        }

        Snapshots.Enqueue(held.Count);
        Interlocked.Increment(ref _openSnapshots);
        return new Snapshot(this, [.. held]);
    }

    public bool RestoreSnapshot(int slot, SequenceSnapshot snapshot, CachedLength cached)
    {
        int length = cached.Next;
        NoteThread();
        var taken = (Snapshot)snapshot;
        List<int> held = _slots.GetValueOrDefault(slot) ?? [];
        Require(!taken.IsDisposed, "a disposed snapshot");
        Require(taken.Tokens.Count == length, $"{length} tokens from a snapshot of {taken.Tokens.Count}");
        Require(SnapshotsAreComplete || taken.Tokens.SequenceEqual(held.Take(length)), $"a snapshot in slot {slot}, which holds other tokens");
        if (!HasSnapshots)
        {
            _slots.Remove(slot);
            return false;
        }

        _slots[slot] = [.. taken.Tokens];
        return true;
    }

    /// <summary>Number of tokens in each state that was saved.</summary>
    public ConcurrentQueue<int> SavedStates { get; } = new();

    /// <summary>Whether states are accepted (default: true).</summary>
    public bool AcceptsStates { get; init; } = true;

    public StateReuse StateReuse { get; init; }

    /// <summary>Whether slots were copied since the last decode, as the library copies them with it.</summary>
    public bool HasPendingCopies { get; private set; }

    public NativeBuffer? SaveState(int slot, long mostBytes)
    {
        NoteThread();
        Require(!HasPendingCopies, $"a copy of slot {slot} before the library has copied others");
        List<int> held = _slots.GetValueOrDefault(slot) ?? [];
        var state = new NativeBuffer(held.Count * sizeof(int));
        MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(held)).CopyTo(state.Slice(0, (int)state.Length));
        SavedStates.Enqueue(held.Count);
        return state;
    }

    public bool RestoreState(int slot, NativeBuffer state, int tokens)
    {
        NoteThread();
        Require(!HasPendingCopies, $"tokens for slot {slot} before the library has copied others");
        _slots[slot] = AcceptsStates ? [.. MemoryMarshal.Cast<byte, int>(state.Slice(0, (int)state.Length))[..tokens]] : [];
        return AcceptsStates;
    }

    public ISampler CreateSampler(SamplingParameters parameters)
    {
        NoteThread();
        CreatingSampler?.Invoke(parameters);
        return new ArgMaxSampler(this);
    }

    public void Dispose()
    {
        NoteThread();
        Require(!IsDisposed, "a second dispose");
        IsDisposed = true;
        Disposing?.Invoke();
    }

    private void Append(BatchToken token, int index)
    {
        if (!_slots.TryGetValue(token.Slot, out List<int>? held))
        {
            _slots[token.Slot] = held = [];
        }

        Require(token.Slot >= 0 && token.Slot < SequenceCapacity, $"slot {token.Slot}");
        Require(token.Position == held.Count, $"position {token.Position} in slot {token.Slot}, which holds {held.Count}");
        Require(token.Position < ContextLength, $"position {token.Position} outside the context");
        Require(token.Position < AllocatedLength, $"position {token.Position} in slot {token.Slot}, which has room for {AllocatedLength}");
        held.Add(token.Token);
        if (token.NeedsLogits)
        {
            _nextTokens[index] = (NextToken(held), Logit(held));
        }
    }

    private void Require(bool condition, string violation)
    {
        if (!condition)
        {
            _violations.Enqueue(violation);
        }
    }

    private void NoteThread()
    {
        Thread thread = Thread.CurrentThread;
        _threads.TryAdd(thread.ManagedThreadId, new Caller(thread.Name, thread.IsThreadPoolThread, thread.IsBackground));
    }

    private sealed class Snapshot(ScriptedDecoder decoder, List<int> tokens) : SequenceSnapshot
    {
        public override long Bytes => decoder.SnapshotBytes;

        public List<int> Tokens => tokens;

        public bool IsDisposed { get; private set; }

        public override void Dispose()
        {
            decoder.Require(!IsDisposed, "a second dispose of a snapshot");
            decoder.Require(!decoder.IsDisposed, "a snapshot that is disposed after the decoder");
            IsDisposed = true;
            Interlocked.Decrement(ref decoder._openSnapshots);
        }
    }

    internal sealed record Caller(string? Name, bool IsThreadPoolThread, bool IsBackground);

    private sealed class ArgMaxSampler(ScriptedDecoder decoder) : ISampler
    {
        public int Sample(Span<float> logits)
        {
            int token = logits.IndexOf(1f);
            decoder.Sampling?.Invoke(token);
            return token;
        }
    }
}
