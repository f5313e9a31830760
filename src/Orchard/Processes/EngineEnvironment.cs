namespace Orchard.Processes;

/// <summary>
/// The environment variables that an engine process gets from the application that starts it. Other applications use the engine too, and
/// programs of the user can read its environment, so the application's keys and passwords do not belong there.
/// </summary>
internal static class EngineEnvironment
{
    private static readonly HashSet<string> Names = new(
        [
            // the user and the system
            "HOME", "USER", "LOGNAME", "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP",
            "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
            "SystemRoot", "SystemDrive", "windir", "ComSpec", "USERNAME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "ProgramData",
            "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE",

            // where the runtime and native libraries are
            "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
            "GLIBC_TUNABLES",
        ],
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    // Settings of the engine, of llama.cpp, of the runtime, and of drivers that compute.
    private static readonly string[] Prefixes =
        ["ORCHARD_", "GGML_", "LLAMA_", "DOTNET_", "OMP_", "CUDA_", "NVIDIA_", "HIP_", "ROCR_", "HSA_", "VK_", "MTL_"];

    /// <summary>Removes all other variables.</summary>
    public static void Restrict(IDictionary<string, string?> environment)
    {
        foreach (string name in environment.Keys.Where(name => !IsPassedOn(name)).ToArray())
        {
            environment.Remove(name);
        }
    }

    private static bool IsPassedOn(string name) =>
        Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
