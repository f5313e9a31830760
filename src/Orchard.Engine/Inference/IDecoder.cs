namespace Orchard.Engine.Inference;

/// <summary>
/// One model's KV cache and forward pass, as the scheduler sees it. Owned by the scheduler's thread: no member is thread-safe.
/// </summary>
internal interface IDecoder : IDisposable
{
    /// <summary>How many sequences the KV cache holds at once; sequence slots are 0 to this minus one.</summary>
    int SequenceCapacity { get; }

    /// <summary>Tokens one sequence may hold, prompt and completion together.</summary>
    int ContextLength { get; }

    /// <summary>Tokens each sequence has room for now.</summary>
    int Room => ContextLength;

    /// <summary>Tokens one step may decode, over all sequences.</summary>
    int BatchCapacity { get; }

    /// <summary>Tokens of one step that may need logits, at least <see cref="SequenceCapacity"/>.</summary>
    int OutputCapacity { get; }

    /// <summary>Whether a sequence can go on after it was trimmed. Recurrent models keep a state that cannot go back.</summary>
    bool CanRewind { get; }

    int VocabularySize { get; }

    /// <summary>
    /// Runs the forward pass over <paramref name="batch"/> and appends its tokens to their sequences' KV cache. At most
    /// <see cref="OutputCapacity"/> tokens of a batch may need logits.
    /// </summary>
    /// <exception cref="DecodeException">The native decode failed; the KV cache of the batch's sequences is undefined.</exception>
    void Decode(ReadOnlySpan<BatchToken> batch);

    /// <summary>
    /// Whether there is <see cref="Room"/> for sequences of this length. If not, it is being made from now on, which may take seconds: ask again.
    /// Decoding makes the room it needs as well, and stands still meanwhile. Logits of the last batch may be gone afterwards.
    /// </summary>
    /// <param name="length">Tokens, at most <see cref="ContextLength"/>.</param>
    /// <exception cref="DecodeException">There is no memory for it, or what the slots hold is lost.</exception>
    bool TryReserve(int length) => true;

    /// <summary>Decodes with these adapters from now on; null: the model as it is. What a slot holds was computed with those of its time.</summary>
    /// <exception cref="DecodeException">The library refused them.</exception>
    void UseAdapters(AdapterSet? adapters)
    {
        if (adapters is not null)
        {
            throw new DecodeException("This decoder knows no adapters.");
        }
    }

    /// <summary>Logits of the token at <paramref name="batchIndex"/> of the last batch, which must have asked for them. Valid until the next decode.</summary>
    Span<float> GetLogits(int batchIndex);

    /// <summary>Forgets everything a slot holds.</summary>
    void ClearSequence(int slot);

    /// <summary>Forgets what a slot holds beyond its first <paramref name="length"/> tokens, of which there are at least as many.</summary>
    /// <returns>False when this model's memory cannot be cut: the slot is empty then.</returns>
    bool TrimSequence(int slot, int length);

    /// <summary>Makes a slot hold the first <paramref name="length"/> tokens of another, which keeps them.</summary>
    /// <returns>False when this model's memory cannot be cut: the destination is empty then.</returns>
    bool CopySequence(int source, int destination, int length);

    /// <summary>Creates the sampler of one sequence.</summary>
    ISampler CreateSampler(SamplingParameters parameters);

    /// <summary>
    /// To be called by the thread that has decoded, before it does anything else for long or starts other threads: while it decodes, it may be
    /// bound to a processor, and threads that it starts would be bound as well.
    /// </summary>
    void Rest()
    {
    }
}

/// <summary>One token of a batch.</summary>
/// <param name="Token">The token's id.</param>
/// <param name="Position">Its place in its sequence, from 0.</param>
/// <param name="Slot">The sequence slot it belongs to.</param>
/// <param name="NeedsLogits">Whether its logits will be asked for.</param>
internal readonly record struct BatchToken(int Token, int Position, int Slot, bool NeedsLogits);

/// <summary>Chooses tokens for one sequence and remembers what penalties need. Owned by the scheduler's thread.</summary>
internal interface ISampler : IDisposable
{
    /// <summary>Chooses the next token and takes note of it. May overwrite <paramref name="logits"/>.</summary>
    /// <exception cref="DecodeException">No token can be chosen: all logits are NaN or negative infinity.</exception>
    int Sample(Span<float> logits);

    /// <summary>Whether it chooses by the logits alone, so that the same logits give the same token whatever was sampled before.</summary>
    bool HasNoMemory => false;

    /// <summary>What the last <see cref="Sample"/> chose and how probable that was; null when the sampling parameters did not ask for it.</summary>
    SampledToken? LastSampled => null;

    /// <summary>Whether the grammar of the sequence allows nothing more: it is over without an end-of-generation token.</summary>
    bool IsFinished => false;
}

/// <summary>A native decode that failed.</summary>
internal sealed class DecodeException(string message) : Exception(message);
