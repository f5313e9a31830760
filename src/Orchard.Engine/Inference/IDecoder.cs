using Orchard.Engine.Native;

namespace Orchard.Engine.Inference;

/// <summary>The KV cache and forward pass of one model. Owned by the scheduler's thread: no member is thread-safe.</summary>
internal interface IDecoder : IDisposable
{
    /// <summary>Number of sequences the KV cache can hold. Slots are numbered from 0.</summary>
    int SequenceCapacity { get; }

    /// <summary>Maximum number of tokens per sequence, prompt and completion together.</summary>
    int ContextLength { get; }

    /// <summary>Number of tokens per sequence for which memory is allocated (default: <see cref="ContextLength"/>).</summary>
    int AllocatedLength => ContextLength;

    /// <summary>
    /// Maximum number of tokens over all sequences, at least <see cref="ContextLength"/> (default: what all sequences can hold).
    /// </summary>
    long TokenCapacity => (long)SequenceCapacity * ContextLength;

    /// <summary>Maximum number of tokens per batch, over all sequences.</summary>
    int BatchCapacity { get; }

    /// <summary>Maximum number of tokens per batch that need logits, at least <see cref="SequenceCapacity"/>.</summary>
    int OutputCapacity { get; }

    /// <summary>
    /// Whether a sequence can continue after it was trimmed. Recurrent models cannot rewind their state; they go back to a snapshot.
    /// </summary>
    bool CanRewind { get; }

    /// <summary>
    /// Whether a snapshot is all of a sequence. Otherwise it can be restored only where the KV cache holds the same tokens (default: no).
    /// </summary>
    bool SnapshotsAreComplete => false;

    int VocabularySize { get; }

    /// <summary>
    /// Whether decodes take longer than usual at the moment, because another part of the engine needs processors (default: no).
    /// </summary>
    bool IsSlowed => false;

    /// <summary>
    /// Runs the forward pass over <paramref name="batch"/> and appends its tokens to the KV cache of their sequences. At most
    /// <see cref="OutputCapacity"/> tokens may need logits.
    /// </summary>
    /// <exception cref="DecodeException">The native decode failed. The KV cache of the batch's sequences is undefined.</exception>
    void Decode(ReadOnlySpan<BatchToken> batch);

    /// <summary>
    /// Runs the forward pass over embeddings of an image or sound, and appends them to the KV cache of their sequence. If logits are
    /// needed, they have the index of the last embedding.
    /// </summary>
    /// <exception cref="DecodeException">The native decode failed. The KV cache of the sequence is undefined.</exception>
    void Decode(MediaBatch batch) => throw new DecodeException("This decoder does not support images or sound.");

    /// <summary>
    /// Returns whether <see cref="AllocatedLength"/> is at least <paramref name="length"/>. If not, more memory is allocated in the
    /// background, which may take seconds; call again to check. A decode allocates what it needs as well, but blocks meanwhile. The logits
    /// of the last batch may become invalid.
    /// </summary>
    /// <param name="length">Number of tokens per sequence, at most <see cref="ContextLength"/>.</param>
    /// <exception cref="DecodeException">There is not enough memory, or the content of the slots was lost.</exception>
    bool TryReserve(int length) => true;

    /// <summary>Sets the LoRA adapters of subsequent decodes; null for none. Tokens in the KV cache are not recomputed.</summary>
    /// <exception cref="DecodeException">The adapters were rejected.</exception>
    void UseAdapters(AdapterSet? adapters)
    {
        if (adapters is not null)
        {
            throw new DecodeException("This decoder does not support adapters.");
        }
    }

    /// <summary>
    /// Returns the logits of the token at <paramref name="batchIndex"/> of the last batch, which must have requested them. They are valid
    /// until the next decode.
    /// </summary>
    Span<float> GetLogits(int batchIndex);

    /// <summary>Removes all tokens of a slot.</summary>
    void ClearSequence(int slot);

    /// <summary>Removes the tokens of a slot beyond a length. The slot must hold at least that many.</summary>
    /// <returns>False if the model's state cannot be rewound. The slot is then empty.</returns>
    bool TrimSequence(int slot, CachedLength length);

    /// <summary>Copies the tokens of a slot up to a length to another one.</summary>
    /// <returns>False if the model's state cannot be rewound. The destination is then empty.</returns>
    bool CopySequence(int source, int destination, CachedLength length);

    /// <summary>
    /// Copies the state of a slot that <see cref="TrimSequence"/> cannot rewind. The caller owns the copy. Null if there is not enough
    /// memory, or nothing that cannot be rewound.
    /// </summary>
    SequenceSnapshot? TakeSnapshot(int slot) => null;

    /// <summary>
    /// Makes a slot hold the tokens up to a length, whose state is in a snapshot. Unless
    /// <see cref="SnapshotsAreComplete"/>, the slot must hold at least these tokens.
    /// </summary>
    /// <returns>False if that failed. The slot is then empty.</returns>
    bool RestoreSnapshot(int slot, SequenceSnapshot snapshot, CachedLength length) => throw new NotSupportedException();

    /// <summary>What can be used of the states that <see cref="SaveState"/> returns (default: nothing).</summary>
    StateReuse StateReuse => StateReuse.None;

    /// <summary>
    /// Whether slots were copied and nothing was decoded since. States cannot be saved or restored then (default: no).
    /// </summary>
    bool HasPendingCopies => false;

    /// <summary>
    /// Copies all that a slot holds, which must be tokens of the vocabulary. The caller owns the copy. Null if there is not enough memory,
    /// or if the copy would be larger than allowed.
    /// </summary>
    NativeBuffer? SaveState(int slot, long mostBytes) => null;

    /// <summary>
    /// Makes a slot hold the first tokens of a saved state. Its content must be what <see cref="SaveState"/> of a decoder of the same
    /// model, release and settings returned.
    /// </summary>
    /// <returns>False if that failed. The slot is then empty.</returns>
    bool RestoreState(int slot, NativeBuffer state, int tokens) => throw new NotSupportedException();

    /// <summary>Creates the sampler of a sequence.</summary>
    ISampler CreateSampler(SamplingParameters parameters);

    /// <summary>
    /// Ends the processor affinity of the calling thread. A thread that decodes may be bound to a processor, and threads that it starts
    /// inherit that. Call this on the decoding thread before it waits, does other work for long, or starts threads.
    /// </summary>
    void UnbindThread()
    {
    }
}
