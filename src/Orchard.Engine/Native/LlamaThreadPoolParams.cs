using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>ggml_threadpool_params</c>, 528 bytes; it begins with a mask of 512 processors.</summary>
[StructLayout(LayoutKind.Explicit, Size = 528)]
internal struct LlamaThreadPoolParams
{
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
