using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Backends;

/// <summary>The devices that are registered with the library.</summary>
internal static unsafe class NativeDevices
{
    /// <summary>Returns the devices in their order, with their pointers.</summary>
    public static IReadOnlyList<(nint Device, BackendDevice Facts)> All()
    {
        var devices = new List<(nint, BackendDevice)>();
        nuint count = LlamaApi.ggml_backend_dev_count();
        for (nuint i = 0; i < count; i++)
        {
            nint device = LlamaApi.ggml_backend_dev_get(i);
            nuint free = 0;
            nuint total = 0;
            LlamaApi.ggml_backend_dev_memory(device, &free, &total);
            devices.Add((device, new BackendDevice(
                Text(LlamaApi.ggml_backend_dev_name(device)), Text(LlamaApi.ggml_backend_dev_description(device)), (long)total)));
        }

        return devices;
    }

    /// <summary>Returns the devices of a library that was loaded.</summary>
    /// <param name="registry">What the library returned for it.</param>
    public static IReadOnlyList<(nint Device, BackendDevice Facts)> Of(nint registry) =>
        [.. All().Where(device => LlamaApi.ggml_backend_dev_backend_reg(device.Device) == registry)];

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "?";
}
