using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Media;

/// <summary><c>mtmd_helper_init_opt</c>, 24 bytes. It concerns videos, which the library is built without.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MtmdInitOptions
{
    public MtmdVideoParams Video;
}
