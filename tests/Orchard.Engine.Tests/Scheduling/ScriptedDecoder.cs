using System.Collections.Concurrent;
using System.Threading.Channels;
using Orchard.Engine.Inference;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>
/// A decoder whose next tokens the test decides, and which a test can stop inside each decode. It keeps what each slot
/// holds and notes every call that no KV cache would survive.
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
    private readonly Dictionary<int, int> _nextTokens = [];
    private readonly float[] _logits = new float[ScriptedTokenizer.VocabularySize];
    private volatile bool _isGated;
    private volatile int _roomMade;
    private int _openSamplers;

    public int SequenceCapacity { get; init; } = 4;

    public int ContextLength { get; init; } = 256;

    /// <summary>Tokens each slot has room for; without more said, any number.</summary>
    public int Room { get; set; } = int.MaxValue;

    public int BatchCapacity { get; init; } = 64;

    public int OutputCapacity => Math.Max(SequenceCapacity, 16);

    public bool CanRewind => CanTrim;

    public int VocabularySize => ScriptedTokenizer.VocabularySize;

    /// <summary>The token that follows what a slot holds.</summary>
    public required Func<IReadOnlyList<int>, int> NextToken { get; init; }

    /// <summary>Whether each decode waits for <see cref="Release"/>.</summary>
    public bool IsGated
    {
        init => _isGated = value;
    }

    /// <summary>Whether slots can be cut, as those of recurrent models cannot.</summary>
    public bool CanTrim { get; init; } = true;

    /// <summary>Called with the parameters of each sampler to be made; may throw.</summary>
    public Action<SamplingParameters>? CreatingSampler { get; init; }

    /// <summary>Called with each length that there is no room for; may throw.</summary>
    public Action<int>? Reserving { get; set; }

    /// <summary>The room there is when it is asked for the next time.</summary>
    public int RoomMade
    {
        get => _roomMade;
        set => _roomMade = value;
    }

    /// <summary>Called with each token a sampler is about to return; may throw.</summary>
    public Action<int>? Sampling { get; set; }

    /// <summary>Called with each slot to be cleared; may throw.</summary>
    public Action<int>? Clearing { get; set; }

    public IReadOnlyList<BatchToken[]> Batches => [.. _batches];

    public IReadOnlyList<string> Violations => [.. _violations];

    public IReadOnlyList<int> Cleared => [.. _cleared];

    /// <summary>Every thread that called in.</summary>
    public IReadOnlyCollection<Caller> Threads => [.. _threads.Values];

    public int OpenSamplers => Volatile.Read(ref _openSamplers);

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

    /// <summary>Lets the decode under way return, or throw.</summary>
    public void Release(Exception? failure = null)
    {
        if (failure is not null)
        {
            _failures.Enqueue(failure);
        }

        _released.Release();
    }

    /// <summary>Lets this decode and all later ones pass.</summary>
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

    public bool TryReserve(int length)
    {
        NoteThread();
        Require(length <= ContextLength, $"room for {length}, more than the context");
        if (length > Room)
        {
            Reserving?.Invoke(length);
            Room = Math.Max(Room, RoomMade);
        }

        return length <= Room;
    }

    public Span<float> GetLogits(int batchIndex)
    {
        NoteThread();
        Require(_nextTokens.TryGetValue(batchIndex, out int token), $"logits of {batchIndex}, which nobody asked for");
        Array.Clear(_logits);
        _logits[token] = 1;
        return _logits;
    }

    public void ClearSequence(int slot)
    {
        NoteThread();
        Clearing?.Invoke(slot);
        _cleared.Enqueue(slot);
        _slots.Remove(slot);
    }

    public bool TrimSequence(int slot, int length)
    {
        NoteThread();
        List<int> held = _slots.GetValueOrDefault(slot) ?? [];
        Require(length <= held.Count, $"slot {slot} cut to {length}, which holds {held.Count}");
        if (!CanTrim && length > 0)
        {
            _slots.Remove(slot);
            return false;
        }

        _slots[slot] = held[..Math.Min(length, held.Count)];
        return true;
    }

    public bool CopySequence(int source, int destination, int length)
    {
        NoteThread();
        _slots[destination] = [.. _slots.GetValueOrDefault(source) ?? []];
        return TrimSequence(destination, length);
    }

    public ISampler CreateSampler(SamplingParameters parameters)
    {
        NoteThread();
        CreatingSampler?.Invoke(parameters);
        Interlocked.Increment(ref _openSamplers);
        return new ArgMaxSampler(this, hasNoMemory: parameters.Temperature <= 0);
    }

    public void Dispose()
    {
        NoteThread();
        Require(!IsDisposed, "a second dispose");
        IsDisposed = true;
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
        Require(token.Position < Room, $"position {token.Position} in slot {token.Slot}, which has room for {Room}");
        held.Add(token.Token);
        if (token.NeedsLogits)
        {
            _nextTokens[index] = NextToken(held);
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

    internal sealed record Caller(string? Name, bool IsThreadPoolThread, bool IsBackground);

    private sealed class ArgMaxSampler(ScriptedDecoder decoder, bool hasNoMemory) : ISampler
    {
        public bool HasNoMemory => hasNoMemory;

        public int Sample(Span<float> logits)
        {
            int token = logits.IndexOf(1f);
            decoder.Sampling?.Invoke(token);
            return token;
        }

        public void Dispose() => Interlocked.Decrement(ref decoder._openSamplers);
    }
}
