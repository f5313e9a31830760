using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchard.Engine.Native.Backends;

/// <summary>
/// What decides whether a GPU library works: its file, the drivers and devices of the system, and the variables that drivers read. When one
/// of them changes, a library is tried out again.
/// </summary>
internal static class DriverIdentity
{
    private static readonly string[] Libraries =
    [
        "libcuda.so.1", "libcudart.so.13", "libcublas.so.13", "libamdhip64.so", "libvulkan.so.1",
        "nvcuda.dll", "amdhip64.dll", "vulkan-1.dll",
    ];

    private static readonly string[] Folders = OperatingSystem.IsWindows()
        ? [Environment.SystemDirectory]
        : ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/cuda/lib64"];

    private static readonly string[] Manifests =
        ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

    private static readonly string[] Prefixes =
    [
        "CUDA_", "NVIDIA_", "GGML_", "HIP_", "ROCR_", "HSA_", "VK_", "MESA_", "RADV_", "AMD_", "LD_LIBRARY_PATH", Llvmpipe.Variable,
    ];

    /// <summary>Returns a digest of all that matters for a library.</summary>
    /// <param name="file">The library.</param>
    /// <param name="environment">Variables that are set for it.</param>
    public static string KeyOf(string file, IReadOnlyDictionary<string, string> environment)
    {
        var text = new StringBuilder(Environment.OSVersion.VersionString).Append('\n');
        AddFile(text, file);
        foreach (string path in Folders.SelectMany(_ => Libraries, Path.Combine).Where(File.Exists))
        {
            AddFile(text, path);
        }

        foreach (string path in Manifests.Where(Directory.Exists).SelectMany(Directory.GetFiles).Order(StringComparer.Ordinal))
        {
            AddFile(text, path);
        }

        foreach (string name in Devices().Order(StringComparer.Ordinal))
        {
            text.Append(name).Append('\n');
        }

        text.Append(NvidiaVersion());
        foreach ((string name, string value) in Variables().Concat(environment).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}={value}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void AddFile(StringBuilder text, string path)
    {
        var file = new FileInfo(path);
        file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        text.Append(CultureInfo.InvariantCulture, $"{path} {file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}\n");
    }

    private static IEnumerable<string> Devices() =>
        OperatingSystem.IsWindows() ? []
        : Directory.EnumerateFileSystemEntries("/dev", "nvidia*")
            .Concat(Directory.Exists("/dev/dri") ? Directory.EnumerateFiles("/dev/dri") : [])
            .Concat(File.Exists("/dev/kfd") ? ["/dev/kfd"] : []);

    private static string NvidiaVersion()
    {
        try
        {
            return File.ReadAllText("/proc/driver/nvidia/version");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Variables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value ?? ""))
        .Where(variable => Prefixes.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal)));
}
