using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>
/// A reusable batch of embeddings in place of tokens, all of one sequence. Its arrays are on the pinned object heap, where native code can
/// read them; the embeddings stay where they are.
/// </summary>
internal sealed class LlamaEmbeddingBatch : ILlamaBatch
{
    private readonly int[] _positions;
    private readonly int[] _sequence = Pinned<int>(1);
    private readonly int[] _sequenceIdCounts;
    private readonly nint[] _sequenceIds;
    private readonly byte[] _wantsLogits;
    private LlamaBatch _native;

    /// <param name="capacity">Most embeddings.</param>
    /// <param name="mostDimensions">Most numbers per position.</param>
    public LlamaEmbeddingBatch(int capacity, int mostDimensions)
    {
        _positions = Pinned<int>(capacity * mostDimensions);
        _sequenceIdCounts = Pinned<int>(capacity);
        _sequenceIds = Pinned<nint>(capacity);
        _wantsLogits = Pinned<byte>(capacity);
        Array.Fill(_sequenceIdCounts, 1);
        Array.Fill(_sequenceIds, Marshal.UnsafeAddrOfPinnedArrayElement(_sequence, 0));
        _native = new LlamaBatch
        {
            Positions = Marshal.UnsafeAddrOfPinnedArrayElement(_positions, 0),
            SequenceIdCounts = Marshal.UnsafeAddrOfPinnedArrayElement(_sequenceIdCounts, 0),
            SequenceIds = Marshal.UnsafeAddrOfPinnedArrayElement(_sequenceIds, 0),
            WantsLogits = Marshal.UnsafeAddrOfPinnedArrayElement(_wantsLogits, 0),
        };
    }

    /// <inheritdoc/>
    public LlamaBatch Native => _native;

    /// <summary>Replaces the content. No logits are requested.</summary>
    /// <param name="memory">Contains the embeddings, one after another. It must not be disposed before the batch is decoded.</param>
    /// <param name="first">Index of the first embedding.</param>
    /// <param name="count">Number of embeddings.</param>
    /// <param name="width">Numbers per embedding.</param>
    /// <param name="sequence">The sequence.</param>
    /// <exception cref="ArgumentOutOfRangeException">The memory is too small, or there are too many embeddings.</exception>
    public void Set(NativeBuffer memory, int first, int count, int width, int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _wantsLogits.Length);
        long bytes = sizeof(float) * (long)width;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((first + (long)count) * bytes, memory.Length, nameof(count));
        ObjectDisposedException.ThrowIf(memory.IsClosed, memory);
        _native.Embeddings = memory.DangerousGetHandle() + (nint)(first * bytes);
        _native.TokenCount = count;
        _sequence[0] = sequence;
        _wantsLogits.AsSpan(0, count).Clear();
    }

    /// <summary>
    /// Returns the positions, to be filled in: the first numbers of all positions, then the second ones, and so on.
    /// </summary>
    /// <param name="dimensions">Numbers per position.</param>
    public Span<int> Positions(int dimensions) => _positions.AsSpan(0, _native.TokenCount * dimensions);

    /// <summary>Requests the logits of an embedding.</summary>
    public void RequestLogits(int index) => _wantsLogits[index] = 1;

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);
}
