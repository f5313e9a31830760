using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Backends;

/// <summary>What the loader of Vulkan says about its devices: ggml's library tells neither the driver nor its version.</summary>
internal static unsafe class VulkanDrivers
{
    private const uint InstanceCreateInfo = 1;
    private const uint DeviceProperties2 = 1000059001;
    private const uint DriverProperties = 1000196000;
    private const uint Version12 = (1 << 22) | (2 << 12);
    private const uint MesaLlvmpipe = 13;
    private const int MaxDevices = 64;
    private const string Visible = "GGML_VK_VISIBLE_DEVICES";

    /// <summary>
    /// Returns why a device cannot be used that ggml's library is told to use; null if all can, or if nothing is known of them.
    /// </summary>
    /// <remarks>May end the process, as all that loads drivers.</remarks>
    public static string? FindProblem()
    {
        // Software is used by ggml only if it is named there.
        string[] numbers = (Environment.GetEnvironmentVariable(Visible) ?? "").Split(',', StringSplitOptions.TrimEntries);
        return numbers is [""] || Environment.GetEnvironmentVariable(Llvmpipe.Variable) == "any"
            || !NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "vulkan-1.dll" : "libvulkan.so.1", out nint loader)
                ? null
                : FindProblem(loader, numbers);
    }

    private static string? FindProblem(nint loader, string[] numbers)
    {
        if (!NativeLibrary.TryGetExport(loader, "vkCreateInstance", out nint create)
            || !NativeLibrary.TryGetExport(loader, "vkDestroyInstance", out nint destroy)
            || !NativeLibrary.TryGetExport(loader, "vkEnumeratePhysicalDevices", out nint enumerate)
            || !NativeLibrary.TryGetExport(loader, "vkGetPhysicalDeviceProperties2", out nint describe))
        {
            return null;
        }

        var application = new ApplicationInfo { ApiVersion = Version12 };
        var info = new InstanceInfo { Type = InstanceCreateInfo, Application = &application };
        nint instance = 0;
        if (((delegate* unmanaged<InstanceInfo*, void*, nint*, int>)create)(&info, null, &instance) != 0)
        {
            return null;
        }

        try
        {
            uint count = MaxDevices;
            nint* devices = stackalloc nint[MaxDevices];
            int result = ((delegate* unmanaged<nint, uint*, nint*, int>)enumerate)(instance, &count, devices);
            for (int i = 0; result >= 0 && i < count; i++)
            {
                if (numbers.Contains(i.ToString(CultureInfo.InvariantCulture))
                    && FindProblem((delegate* unmanaged<nint, DeviceInfo*, void>)describe, devices[i]) is { } problem)
                {
                    return problem;
                }
            }

            return null;
        }
        finally
        {
            ((delegate* unmanaged<nint, void*, void>)destroy)(instance, null);
        }
    }

    private static string? FindProblem(delegate* unmanaged<nint, DeviceInfo*, void> describe, nint device)
    {
        var driver = new DriverInfo { Type = DriverProperties };
        var info = new DeviceInfo { Type = DeviceProperties2, Next = &driver };
        describe(device, &info);
        return driver.Id == MesaLlvmpipe ? Llvmpipe.FindProblem(Marshal.PtrToStringUTF8((nint)driver.Info) ?? "") : null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ApplicationInfo
    {
        public uint Type;
        public void* Next;
        public byte* Name;
        public uint Version;
        public byte* Engine;
        public uint EngineVersion;
        public uint ApiVersion;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct InstanceInfo
    {
        public uint Type;
        public void* Next;
        public uint Flags;
        public ApplicationInfo* Application;
        public uint LayerCount;
        public byte** Layers;
        public uint ExtensionCount;
        public byte** Extensions;
    }

    // VkPhysicalDeviceProperties2, with room for the 824 bytes of the properties of Vulkan 1.0.
    [StructLayout(LayoutKind.Sequential)]
    private struct DeviceInfo
    {
        public uint Type;
        public void* Next;
        public fixed ulong Properties[128];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct DriverInfo
    {
        public uint Type;
        public void* Next;
        public uint Id;
        public fixed byte Name[256];
        public fixed byte Info[256];
        public uint Conformance;
    }
}
