using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>The devices that the library can compute on.</summary>
internal static unsafe class LlamaDevices
{
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

    private static nint Find(string name)
    {
        nuint count = LlamaApi.ggml_backend_dev_count();
        var known = new List<string>();
        for (nuint i = 0; i < count; i++)
        {
            nint device = LlamaApi.ggml_backend_dev_get(i);
            string? found = Marshal.PtrToStringUTF8((nint)LlamaApi.ggml_backend_dev_name(device));
            if (string.Equals(found, name, StringComparison.OrdinalIgnoreCase))
            {
                return device;
            }

            known.Add(found ?? "?");
        }

        throw new ArgumentException($"There is no device '{name}'. The devices of this engine are: {string.Join(", ", known)}.");
    }
}
