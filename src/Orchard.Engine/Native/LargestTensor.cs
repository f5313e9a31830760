namespace Orchard.Engine.Native;

/// <summary>
/// How large a tensor may be on a device. Vulkan has a limit, which is small on some devices; the library ends the process if a part of the
/// KV cache is larger.
/// </summary>
internal static unsafe class LargestTensor
{
    private const int ByteType = 24; // GGML_TYPE_I8
    private const nuint DescriptionBytes = 256 << 10;
    private const int SmallestPower = 20;
    private const int LargestPower = 44;
    private const int Steps = 8; // from one power of two to the next

    /// <summary>Returns the bytes, rounded down by an eighth at most; <see cref="long.MaxValue"/> if the device has no limit.</summary>
    /// <param name="device">The device.</param>
    public static long Of(nint device)
    {
        nint context = LlamaApi.ggml_init(new LlamaTensorMemory { Bytes = DescriptionBytes, WithoutValues = 1 });
        if (context == 0)
        {
            return long.MaxValue;
        }

        try
        {
            for (int power = LargestPower; power >= SmallestPower; power--)
            {
                for (int step = Steps - 1; step >= 0; step--)
                {
                    long bytes = (1L << power) / Steps * (Steps + step);
                    if (LlamaApi.ggml_backend_dev_supports_op(device, LlamaApi.ggml_new_tensor_1d(context, ByteType, bytes)))
                    {
                        return power == LargestPower ? long.MaxValue : bytes;
                    }
                }
            }

            return long.MaxValue; // the device does not answer such questions
        }
        finally
        {
            LlamaApi.ggml_free(context);
        }
    }
}
