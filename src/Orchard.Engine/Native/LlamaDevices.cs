using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>The devices that the library can compute on.</summary>
internal static unsafe class LlamaDevices
{
    private const int DiscreteGpu = 1; // GGML_BACKEND_DEVICE_TYPE_GPU

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

    /// <summary>Returns the GPUs that have memory of their own; none if they share that of the system.</summary>
    /// <param name="names">Names of the devices that may be used; empty for all.</param>
    public static IReadOnlyList<ComputeDevice> Gpus(IReadOnlyList<string> names)
    {
        if (OperatingSystem.IsMacOS() || !LlamaLibrary.Load().HasGpu) // GPUs of Macs share the memory of the system
        {
            return [];
        }

        var gpus = new List<ComputeDevice>();
        foreach ((nint device, string name) in All())
        {
            if (LlamaApi.ggml_backend_dev_type(device) == DiscreteGpu
                && (names.Count == 0 || names.Contains(name, StringComparer.OrdinalIgnoreCase)))
            {
                nuint free = 0;
                nuint total = 0;
                LlamaApi.ggml_backend_dev_memory(device, &free, &total);
                gpus.Add(new ComputeDevice(name, (long)free));
            }
        }

        return gpus;
    }

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

    private static List<(nint Device, string Name)> All()
    {
        var devices = new List<(nint, string)>();
        nuint count = LlamaApi.ggml_backend_dev_count();
        for (nuint i = 0; i < count; i++)
        {
            nint device = LlamaApi.ggml_backend_dev_get(i);
            devices.Add((device, Marshal.PtrToStringUTF8((nint)LlamaApi.ggml_backend_dev_name(device)) ?? "?"));
        }

        return devices;
    }
}
