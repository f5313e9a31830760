using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native.Media;

/// <summary>A decoded image, or decoded sound.</summary>
internal sealed unsafe class MtmdBitmap : LlamaHandle
{
    private MtmdBitmap(nint handle)
        : base(handle)
    {
    }

    /// <summary>Decodes a file, whose sizes must have been checked. The result is invalid if the file cannot be decoded.</summary>
    /// <param name="projector">The projector that it is for.</param>
    /// <param name="file">The content of the file.</param>
    /// <param name="problem">What the library logged about a failure; may be empty.</param>
    public static MtmdBitmap Decode(MtmdProjectorHandle projector, ReadOnlySpan<byte> file, out string problem)
    {
        using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Warning);
        fixed (byte* bytes = file)
        {
            MtmdBitmapWrapper decoded = MtmdApi.mtmd_helper_bitmap_init_from_buf(
                projector, bytes, (nuint)file.Length, placeholder: false, MtmdApi.mtmd_helper_init_opt_default());
            problem = log.Text;
            return new MtmdBitmap(decoded.Bitmap);
        }
    }

    protected override void Free(nint native) => MtmdApi.mtmd_bitmap_free(native);
}
