using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Media;

/// <summary><c>mtmd_helper_bitmap_wrapper</c>, 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MtmdBitmapWrapper
{
    public nint Bitmap;
    public nint Video;
}
