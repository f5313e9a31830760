namespace Orchard.Engine.Native;

/// <summary>A copy of what a context holds of a sequence, in memory of its own.</summary>
internal sealed class LlamaSequenceState : NativeBuffer
{
    private LlamaSequenceState(nuint bytes, bool isPartial)
        : base((long)bytes) => IsPartial = isPartial;

    /// <summary>Whether it is only the part that cannot be trimmed, such as a recurrent state, without the KV cache.</summary>
    public bool IsPartial { get; }

    /// <summary>Copies a sequence. Returns null if the library cannot, or if the copy would be larger than allowed.</summary>
    public static LlamaSequenceState? Save(LlamaHandle context, int sequence, bool isPartial, long mostBytes = long.MaxValue)
    {
        nuint size = LlamaApi.llama_state_seq_get_size_ext(context, sequence, Flags(isPartial));
        if (size == 0 || (ulong)size > (ulong)mostBytes)
        {
            return null;
        }

        var state = new LlamaSequenceState(size, isPartial);
        if (LlamaApi.llama_state_seq_get_data_ext(context, state.handle, size, sequence, Flags(isPartial)) == size)
        {
            return state;
        }

        state.Dispose();
        return null;
    }

    /// <summary>
    /// Replaces the content of a sequence, or only its part that cannot be trimmed. Returns false if the library cannot; the content is
    /// undefined then.
    /// </summary>
    public bool TryRestore(LlamaHandle context, int sequence) => TryRestore(this, context, sequence, IsPartial);

    /// <summary>
    /// Replaces the content of a sequence by a copy of a whole one, as it was saved. Returns false if the library cannot; the content is
    /// undefined then.
    /// </summary>
    public static bool TryRestoreWhole(NativeBuffer state, LlamaHandle context, int sequence) =>
        TryRestore(state, context, sequence, isPartial: false);

    private static bool TryRestore(NativeBuffer state, LlamaHandle context, int sequence, bool isPartial)
    {
        bool added = false;
        try
        {
            state.DangerousAddRef(ref added);
            nuint size = (nuint)state.Length;
            return LlamaApi.llama_state_seq_set_data_ext(context, state.DangerousGetHandle(), size, sequence, Flags(isPartial)) == size;
        }
        finally
        {
            if (added)
            {
                state.DangerousRelease();
            }
        }
    }

    // LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY
    private static uint Flags(bool isPartial) => isPartial ? 1u : 0u;
}
