using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>A copy of what a context holds of a sequence, in memory of its own.</summary>
internal sealed unsafe class LlamaSequenceState : SafeHandle
{
    private LlamaSequenceState(nuint bytes, bool isPartial)
        : base(0, ownsHandle: true)
    {
        Size = bytes;
        IsPartial = isPartial;
        SetHandle((nint)NativeMemory.Alloc(bytes));
    }

    /// <summary>Size in bytes.</summary>
    public nuint Size { get; }

    /// <summary>Whether it is only the part that cannot be trimmed, such as a recurrent state, without the KV cache.</summary>
    public bool IsPartial { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>Copies a sequence. Returns null if the library cannot.</summary>
    public static LlamaSequenceState? Save(LlamaHandle context, int sequence, bool isPartial)
    {
        nuint size = LlamaApi.llama_state_seq_get_size_ext(context, sequence, Flags(isPartial));
        var state = new LlamaSequenceState(size, isPartial);
        if (size > 0 && LlamaApi.llama_state_seq_get_data_ext(context, state.handle, size, sequence, Flags(isPartial)) == size)
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
    public bool TryRestore(LlamaHandle context, int sequence)
    {
        bool added = false;
        try
        {
            DangerousAddRef(ref added);
            return LlamaApi.llama_state_seq_set_data_ext(context, handle, Size, sequence, Flags(IsPartial)) == Size;
        }
        finally
        {
            if (added)
            {
                DangerousRelease();
            }
        }
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }

    // LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY
    private static uint Flags(bool isPartial) => isPartial ? 1u : 0u;
}
