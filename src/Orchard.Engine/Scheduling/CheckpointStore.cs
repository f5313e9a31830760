using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>The checkpoints of a model, in limited memory: the least recently used ones are dropped. Not thread-safe.</summary>
/// <param name="capacity">Maximum number of bytes.</param>
internal sealed class CheckpointStore(long capacity) : IDisposable
{
    private readonly List<Checkpoint> _longestFirst = [];
    private long _clock;

    /// <summary>Memory that the checkpoints take.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a checkpoint. One that does not fit at all is disposed.</summary>
    public void Add(ReadOnlySpan<int> tokens, object? variant, SequenceSnapshot snapshot)
    {
        var added = new Checkpoint(tokens.ToArray(), variant, snapshot);
        if (added.Bytes > capacity)
        {
            snapshot.Dispose();
            return;
        }

        while (Bytes + added.Bytes > capacity)
        {
            Remove(_longestFirst.MinBy(static checkpoint => checkpoint.LastUse)!);
        }

        int shorter = _longestFirst.FindIndex(other => other.Tokens.Length < added.Tokens.Length);
        _longestFirst.Insert(shorter < 0 ? _longestFirst.Count : shorter, added);
        Bytes += added.Bytes;
        Use(added);
    }

    /// <summary>Marks a checkpoint as used.</summary>
    public void Use(Checkpoint checkpoint) => checkpoint.LastUse = ++_clock;

    /// <summary>Returns the checkpoints that a prompt can go on from, the longest first. The last prompt token must be computed.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="variant">Identifies its adapters.</param>
    public List<Checkpoint> FindFor(ReadOnlySpan<int> prompt, object? variant)
    {
        List<Checkpoint> found = [];
        foreach (Checkpoint checkpoint in _longestFirst)
        {
            if (checkpoint.Tokens.Length < prompt.Length
                && prompt.StartsWith(checkpoint.Tokens)
                && Equals(checkpoint.Variant, variant))
            {
                found.Add(checkpoint);
            }
        }

        return found;
    }

    /// <summary>Returns the checkpoint of exactly these tokens; null if there is none.</summary>
    public Checkpoint? Find(ReadOnlySpan<int> tokens, object? variant)
    {
        foreach (Checkpoint checkpoint in _longestFirst)
        {
            if (checkpoint.Tokens.SequenceEqual(tokens) && Equals(checkpoint.Variant, variant))
            {
                return checkpoint;
            }
        }

        return null;
    }

    public void Dispose()
    {
        foreach (Checkpoint checkpoint in _longestFirst)
        {
            checkpoint.Snapshot.Dispose();
        }

        _longestFirst.Clear();
        Bytes = 0;
    }

    private void Remove(Checkpoint checkpoint)
    {
        _longestFirst.Remove(checkpoint);
        Bytes -= checkpoint.Bytes;
        checkpoint.Snapshot.Dispose();
    }
}
