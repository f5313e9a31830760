using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Llama;

/// <summary>The recurrent state of a sequence, without its KV cache.</summary>
internal sealed class LlamaSequenceSnapshot(LlamaSequenceState state) : SequenceSnapshot
{
    public override long Bytes => state.Length;

    public bool TryRestore(LlamaContextHandle context, int slot) => state.TryRestore(context, slot);

    public override void Dispose() => state.Dispose();
}
