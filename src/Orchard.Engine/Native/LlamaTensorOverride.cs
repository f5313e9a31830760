using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary><c>llama_model_tensor_buft_override</c>, 16 bytes. An array of them ends with null.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaTensorOverride
{
    /// <summary>A regular expression for names of tensors.</summary>
    public nint Pattern;

    /// <summary>Where these tensors are.</summary>
    public nint BufferType;
}
