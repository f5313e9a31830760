using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>A reusable batch. Its arrays are on the pinned object heap, where native code can read them.</summary>
internal sealed class LlamaBatchBuffer : ILlamaBatch
{
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _sequenceIdCounts;
    private readonly int[] _sequences;
    private readonly nint[] _sequenceIds;
    private readonly byte[] _wantsLogits;
    private LlamaBatch _native;

    public LlamaBatchBuffer(int capacity)
    {
        _tokens = Pinned<int>(capacity);
        _positions = Pinned<int>(capacity);
        _sequenceIdCounts = Pinned<int>(capacity);
        _sequences = Pinned<int>(capacity);
        _sequenceIds = Pinned<nint>(capacity);
        _wantsLogits = Pinned<byte>(capacity);

        // Each token belongs to one sequence, so the pointers to the sequence lists never change.
        Array.Fill(_sequenceIdCounts, 1);
        for (int i = 0; i < capacity; i++)
        {
            _sequenceIds[i] = Marshal.UnsafeAddrOfPinnedArrayElement(_sequences, i);
        }

        _native = new LlamaBatch
        {
            Tokens = Marshal.UnsafeAddrOfPinnedArrayElement(_tokens, 0),
            Positions = Marshal.UnsafeAddrOfPinnedArrayElement(_positions, 0),
            SequenceIdCounts = Marshal.UnsafeAddrOfPinnedArrayElement(_sequenceIdCounts, 0),
            SequenceIds = Marshal.UnsafeAddrOfPinnedArrayElement(_sequenceIds, 0),
            WantsLogits = Marshal.UnsafeAddrOfPinnedArrayElement(_wantsLogits, 0),
        };
    }

    /// <inheritdoc/>
    public LlamaBatch Native => _native;

    public void Clear() => _native.TokenCount = 0;

    /// <exception cref="IndexOutOfRangeException">The batch is full.</exception>
    public void Add(int token, int position, int sequence, bool wantsLogits)
    {
        int i = _native.TokenCount;
        _tokens[i] = token;
        _positions[i] = position;
        _sequences[i] = sequence;
        _wantsLogits[i] = wantsLogits ? (byte)1 : (byte)0;
        _native.TokenCount = i + 1;
    }

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);
}
