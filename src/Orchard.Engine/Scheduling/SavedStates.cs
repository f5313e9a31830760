using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>Saves states that cannot be rewound, and returns to them. Not thread-safe.</summary>
/// <param name="decoder">Takes and restores the snapshots.</param>
/// <param name="capacity">Maximum memory of all checkpoints, in bytes.</param>
internal sealed class SavedStates(IDecoder decoder, long capacity) : IDisposable
{
    private readonly CheckpointStore _checkpoints = new(capacity);

    /// <summary>Memory that the checkpoints take, in bytes.</summary>
    public long Bytes => _checkpoints.Bytes;

    /// <summary>Whether a checkpoint needs no KV cache besides.</summary>
    public bool AreComplete => decoder.SnapshotsAreComplete;

    /// <summary>Returns the saved states for a decoder, or null if it needs none.</summary>
    public static SavedStates? For(IDecoder decoder, long capacity) => decoder.CanRewind ? null : new SavedStates(decoder, capacity);

    /// <inheritdoc cref="CheckpointStore.FindFor"/>
    public List<Checkpoint> FindFor(ReadOnlySpan<int> prompt, object? variant) => _checkpoints.FindFor(prompt, variant);

    /// <inheritdoc cref="CheckpointStore.Use"/>
    public void Use(Checkpoint checkpoint) => _checkpoints.Use(checkpoint);

    /// <summary>Saves the state of a slot, unless it is saved already.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="tokens">All tokens that it holds.</param>
    /// <param name="variant">Identifies the adapters.</param>
    public void Save(int slot, ReadOnlySpan<int> tokens, object? variant)
    {
        if (capacity <= 0)
        {
            return;
        }

        if (_checkpoints.Find(tokens, variant) is { } known)
        {
            _checkpoints.Use(known);
        }
        else if (decoder.TakeSnapshot(slot) is { } snapshot)
        {
            _checkpoints.Add(tokens, variant, snapshot);
        }
    }

    public void Dispose() => _checkpoints.Dispose();
}
