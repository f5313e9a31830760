using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>ggml_threadpool_params</c>, 528 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 528)]
internal unsafe struct LlamaThreadPoolParams
{
    public const int MaxProcessors = 512;

    /// <summary>One byte per processor; 1 if it may be used. If all are 0, all processors may be used.</summary>
    [FieldOffset(0)]
    public fixed byte Processors[MaxProcessors];

    [FieldOffset(512)]
    public int Threads;

    [FieldOffset(516)]
    public int Priority;

    [FieldOffset(520)]
    public uint Poll;

    [FieldOffset(524)]
    public byte StrictProcessors;

    [FieldOffset(525)]
    public byte Paused;
}
