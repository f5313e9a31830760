using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Media;

/// <summary><c>mtmd_helper_video_init_params</c>, 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MtmdVideoParams
{
    public float FramesPerSecond;
    public nint FfmpegFolder;
    public long TimestampMilliseconds;
}
