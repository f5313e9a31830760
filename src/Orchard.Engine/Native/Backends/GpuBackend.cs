namespace Orchard.Engine.Native.Backends;

/// <summary>A kind of GPU library that llama.cpp can load.</summary>
/// <param name="Name">Its name in file names and in <c>ORCHARD_DEVICES</c>, such as <c>cuda</c>.</param>
/// <param name="VisibleDevices">The variable in which its driver reads the numbers of the devices to use; null if there is none.</param>
/// <param name="IsProbed">Whether it is tried out in another process first, because its driver may end the process.</param>
internal sealed record GpuBackend(string Name, string? VisibleDevices, bool IsProbed = true)
{
    /// <summary>The best one first.</summary>
    public static IReadOnlyList<GpuBackend> All { get; } =
    [
        new("cuda", "CUDA_VISIBLE_DEVICES"),
        new("hip", "HIP_VISIBLE_DEVICES"),
        new("metal", null, IsProbed: false),
        new("sycl", null),
        new("vulkan", "GGML_VK_VISIBLE_DEVICES"),
    ];
}
