using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Media;

/// <summary><c>mtmd_decoder_pos</c>, 16 bytes: where a token of an image is, in time and in the image.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MtmdDecoderPosition
{
    public uint Time;
    public uint X;
    public uint Y;
    public uint Z;
}
