using Orchard.Engine.Native.Backends;

namespace Orchard.Engine.Native;

/// <summary>The devices that the library can compute on.</summary>
internal static unsafe class LlamaDevices
{
    private const int DiscreteGpu = 1; // GGML_BACKEND_DEVICE_TYPE_GPU
    private const int IntegratedGpu = 2; // GGML_BACKEND_DEVICE_TYPE_IGPU

    // Devices of Vulkan that compute on the processor.
    private static readonly string[] Software = ["llvmpipe", "lavapipe", "SwiftShader"];

    /// <summary>Finds devices by their names, such as <c>CUDA0</c> or <c>CPU</c>, regardless of case.</summary>
    /// <param name="names">The names.</param>
    /// <param name="devices">Receives the devices, as many as there are names.</param>
    /// <exception cref="ArgumentException">There is no device with one of the names.</exception>
    public static void Find(IReadOnlyList<string> names, Span<nint> devices)
    {
        _ = LlamaLibrary.Load();
        for (int i = 0; i < names.Count; i++)
        {
            devices[i] = Find(names[i]);
        }
    }

    /// <summary>
    /// Returns the GPUs on which layers can be, the one with the most free memory first; none on a Mac, where the library decides. GPUs
    /// that are part of the processor are used if there are no others. A GPU that two libraries know is used through one.
    /// </summary>
    /// <param name="names">Names of the devices that may be used; empty for all.</param>
    /// <exception cref="ArgumentException">There is no device with one of the names.</exception>
    public static IReadOnlyList<ComputeDevice> Gpus(IReadOnlyList<string> names)
    {
        if (OperatingSystem.IsMacOS() || !LlamaLibrary.Load().HasGpu)
        {
            return [];
        }

        foreach (string name in names)
        {
            Find(name);
        }

        IReadOnlyList<BackendStatus> used = [.. LlamaLibrary.Load().Backends.Where(static backend => backend.IsUsed)];
        var gpus = new List<(int Type, ComputeDevice Device)>();
        foreach ((nint device, BackendDevice facts) in NativeDevices.All())
        {
            int type = LlamaApi.ggml_backend_dev_type(device);
            if (type is DiscreteGpu or IntegratedGpu
                && (names.Count == 0 ? !IsKnownToBetter(used, facts) : names.Contains(facts.Name, StringComparer.OrdinalIgnoreCase)))
            {
                nuint free = 0;
                nuint total = 0;
                LlamaApi.ggml_backend_dev_memory(device, &free, &total);
                bool isSoftware = Software.Any(name => facts.Description.Contains(name, StringComparison.OrdinalIgnoreCase));
                gpus.Add((type, new ComputeDevice(facts.Name, (long)free, (long)total, isSoftware || type == IntegratedGpu)
                {
                    LargestTensorBytes = LargestTensor.Of(device),
                }));
            }
        }

        int preferred = names.Count == 0 && gpus.Exists(static gpu => gpu.Type == DiscreteGpu) ? DiscreteGpu : 0;
        return
        [
            .. gpus.Where(gpu => preferred == 0 || gpu.Type == preferred)
                .Select(static gpu => gpu.Device)
                .OrderByDescending(static device => device.FreeBytes),
        ];
    }

    private static bool IsKnownToBetter(IReadOnlyList<BackendStatus> used, BackendDevice device) => used
        .TakeWhile(backend => backend.Devices.All(own => own.Name != device.Name))
        .Any(backend => backend.Devices.Any(other => other.Description == device.Description));

    private static nint Find(string name)
    {
        IReadOnlyList<(nint Device, string Name)> all = All();
        foreach ((nint device, string found) in all)
        {
            if (string.Equals(found, name, StringComparison.OrdinalIgnoreCase))
            {
                return device;
            }
        }

        string known = string.Join(", ", all.Select(static device => device.Name));
        throw new ArgumentException($"There is no device '{name}'. The devices of this engine are: {known}.");
    }

    private static IReadOnlyList<(nint Device, string Name)> All() =>
        [.. NativeDevices.All().Select(static device => (device.Device, device.Facts.Name))];
}
