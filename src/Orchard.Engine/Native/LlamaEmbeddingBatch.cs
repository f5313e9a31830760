using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>A batch of embeddings in place of tokens, all of one sequence. Its arrays are on the pinned object heap.</summary>
internal sealed class LlamaEmbeddingBatch : ILlamaBatch
{
    private readonly float[] _embeddings;
    private readonly int[] _positions;
    private readonly int[] _sequence = Pinned<int>(1);
    private readonly int[] _sequenceIdCounts;
    private readonly nint[] _sequenceIds;
    private readonly byte[] _wantsLogits;

    /// <param name="embeddings">The embeddings, one after another.</param>
    /// <param name="count">Number of embeddings.</param>
    /// <param name="dimensions">Numbers per position; all first ones are before all second ones.</param>
    /// <param name="sequence">The sequence.</param>
    public LlamaEmbeddingBatch(ReadOnlySpan<float> embeddings, int count, int dimensions, int sequence)
    {
        _embeddings = Pinned<float>(embeddings.Length);
        _positions = Pinned<int>(count * dimensions);
        _sequenceIdCounts = Pinned<int>(count);
        _sequenceIds = Pinned<nint>(count);
        _wantsLogits = Pinned<byte>(count);
        embeddings.CopyTo(_embeddings);
        _sequence[0] = sequence;
        Array.Fill(_sequenceIdCounts, 1);
        Array.Fill(_sequenceIds, Marshal.UnsafeAddrOfPinnedArrayElement(_sequence, 0));
        Native = new LlamaBatch
        {
            TokenCount = count,
            Embeddings = Marshal.UnsafeAddrOfPinnedArrayElement(_embeddings, 0),
            Positions = Marshal.UnsafeAddrOfPinnedArrayElement(_positions, 0),
            SequenceIdCounts = Marshal.UnsafeAddrOfPinnedArrayElement(_sequenceIdCounts, 0),
            SequenceIds = Marshal.UnsafeAddrOfPinnedArrayElement(_sequenceIds, 0),
            WantsLogits = Marshal.UnsafeAddrOfPinnedArrayElement(_wantsLogits, 0),
        };
    }

    /// <inheritdoc/>
    public LlamaBatch Native { get; }

    /// <summary>The positions, to be filled in.</summary>
    public Span<int> Positions => _positions;

    /// <summary>Requests the logits of an embedding.</summary>
    public void RequestLogits(int index) => _wantsLogits[index] = 1;

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);
}
