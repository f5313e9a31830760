using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Media;

/// <summary><c>mtmd_context_params</c>, 96 bytes. Booleans are bytes, so that the struct is blittable.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MtmdContextParams
{
    public byte UsesGpu;
    public nint Device;
    public byte PrintsTimings;
    public int Threads;
    public nint ImageMarker;
    public nint MediaMarker;
    public int FlashAttentionType;
    public byte WarmsUp;
    public int ImageMinTokens;
    public int ImageMaxTokens;
    public nint EvaluationCallback;
    public nint EvaluationCallbackUserData;
    public int BatchMaxTokens;
    public nint ProgressCallback;
    public nint ProgressCallbackUserData;
}
