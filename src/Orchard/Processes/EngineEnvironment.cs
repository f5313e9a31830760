using Orchard.Protocol.Processes;

namespace Orchard.Processes;

/// <summary>
/// The environment variables that an engine process gets from the application that starts it. Other applications use the engine too, and
/// programs of the user can read its environment, so the application's keys and passwords do not belong there.
/// </summary>
internal static class EngineEnvironment
{
    private static readonly StringComparer NameComparer =
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private static readonly HashSet<string> Names = new(
        [
            // the user and the system
            "HOME", "USER", "LOGNAME", "PATH", "LANG", "TZ", "TMPDIR", "TEMP", "TMP",
            "XDG_CACHE_HOME", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "XDG_DATA_DIRS", "XDG_DATA_HOME", "XDG_RUNTIME_DIR",
            "SystemRoot", "SystemDrive", "windir", "ComSpec", "USERNAME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "ProgramData",
            "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE",

            // where native libraries are
            "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "GLIBC_TUNABLES",
        ],
        NameComparer);

    // Settings of the engine, of llama.cpp, of the runtime, and of drivers that compute.
    private static readonly string[] Prefixes =
    [
        "LC_", "ORCHARD_", "GGML_", "LLAMA_", "DOTNET_", "OMP_",
        "CUDA_", "NVIDIA_", "HIP_", "ROCR_", "HSA_", "VK_", "MESA_", "RADV_", "AMD_", "MTL_",
    ];

    // Keys of the application, and what loads its assemblies or its tools into any .NET process, or makes the process wait for a tool.
    private static readonly HashSet<string> Excluded = new(
        [
            "ORCHARD_API_KEY", "ORCHARD_API_KEYS", "ORCHARD_REMOTE_API_KEY",
            "DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS", "DOTNET_SHARED_STORE", "DOTNET_DiagnosticPorts",
        ],
        NameComparer);

    /// <summary>Removes all other variables, except those that <see cref="EngineVariables.PassedOn"/> names.</summary>
    public static void Restrict(IDictionary<string, string?> environment)
    {
        environment.TryGetValue(EngineVariables.PassedOn, out string? further);
        var named = new HashSet<string>(
            (further ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), NameComparer);
        foreach (string name in environment.Keys.Where(name => !named.Contains(name) && !IsPassedOn(name)).ToArray())
        {
            environment.Remove(name);
        }
    }

    private static bool IsPassedOn(string name) =>
        !Excluded.Contains(name)
        && (Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
}
