using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>llama_batch</c>, 56 bytes: parallel arrays with one entry per token.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaBatch
{
    public int TokenCount;
    public nint Tokens;
    public nint Embeddings;
    public nint Positions;
    public nint SequenceIdCounts;
    public nint SequenceIds;
    public nint WantsLogits;
}
