using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>ggml_init_params</c>, 24 bytes: memory for the descriptions of tensors.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct LlamaTensorMemory
{
    [FieldOffset(0)]
    public nuint Bytes;

    /// <summary>The memory; 0 to let the library allocate it.</summary>
    [FieldOffset(8)]
    public nint Memory;

    /// <summary>1 if the tensors get no memory for their values.</summary>
    [FieldOffset(16)]
    public byte WithoutValues;
}
