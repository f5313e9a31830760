namespace Orchard.Cli.Doctor.Checks;

/// <summary>What to do about a GPU library that the engine does not use.</summary>
internal static class DeviceRemedy
{
    private const string Details = "docs/gpu.md says what each GPU library needs.";

    // By the names of the libraries on Linux and on Windows.
    private static readonly (string[] Names, string Remedy)[] Missing =
    [
        (
            ["libcudart", "libcublas", "cudart64", "cublas64"],
            OperatingSystem.IsWindows()
                ? "Install the runtime of CUDA 13: of NVIDIA's CUDA Toolkit 13, the components CUDART and CUBLAS Runtime. " + Details
                : "Install the runtime of CUDA 13: from NVIDIA's repository the packages cuda-cudart-13-0 and libcublas-13-0, or "
                    + "pip install nvidia-cuda-runtime nvidia-cublas, with LD_LIBRARY_PATH set to its folder nvidia/cu13/lib. " + Details),
        (["libcuda.so", "nvcuda"], "Install NVIDIA's driver, version 580 or newer. In a container, pass the GPUs: --gpus all. " + Details),
        (["libvulkan.so", "vulkan-1"], "Install the Vulkan loader (Debian and Ubuntu: libvulkan1), and the driver of the GPU. " + Details),
    ];

    /// <summary>Returns what to do.</summary>
    /// <param name="line">A line of the engine about a library that it does not use.</param>
    public static string For(string line)
    {
        foreach ((string[] names, string remedy) in Missing)
        {
            if (names.Any(name => line.Contains(name, StringComparison.OrdinalIgnoreCase)))
            {
                return remedy;
            }
        }

        return Details;
    }
}
