using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Media;

/// <summary><c>mtmd_input_part</c>, 16 bytes: a text or a bitmap.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MtmdInputPart
{
    public nint Text;
    public nint Bitmap;
}
