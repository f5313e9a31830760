using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native;

/// <summary>The llama.cpp library. It is loaded once per process, and a failure is permanent.</summary>
/// <param name="Folder">Folder of the library files.</param>
/// <param name="Version">Version of the library, such as <c>0.5.0-dev</c>.</param>
/// <param name="SystemInfo">Processor features in use, as reported by the library.</param>
/// <param name="StartupLog">What the library logged on startup, including the selected backends.</param>
internal sealed record LlamaLibrary(string Folder, string Version, string SystemInfo, IReadOnlyList<string> StartupLog)
{
    /// <summary>The releases in the table of NATIVE.md, which the imports were compared with.</summary>
    internal static IReadOnlyList<string> KnownReleases { get; } = ["0.4.0", "0.5.0"];

    private static readonly Lazy<LlamaLibrary> Loaded = new(() => LoadFrom(NativeFiles.DefaultFolder));

    /// <summary>Whether the library can compute on a GPU.</summary>
    public bool HasGpu { get; } = LlamaApi.llama_supports_gpu_offload();

    /// <summary>Returns the library, loading it on the first call. Thread-safe.</summary>
    /// <exception cref="NativeLibraryException">The library is missing, incomplete or of an unsupported release.</exception>
    public static LlamaLibrary Load() => Loaded.Value;

    internal static bool IsKnownRelease(string version) =>
        KnownReleases.Any(release => version == release || version.StartsWith(release + "-", StringComparison.Ordinal));

    private static unsafe LlamaLibrary LoadFrom(string folder)
    {
        NativeFiles files = NativeFiles.Find(folder);
        try
        {
            // Dependencies first, by full path, so that no system-wide copy of another release is loaded.
            nint ggmlBase = NativeLibrary.Load(files.GgmlBase);
            nint ggml = NativeLibrary.Load(files.Ggml);
            nint llama = NativeLibrary.Load(files.Llama);
            NativeLibrary.SetDllImportResolver(
                typeof(LlamaLibrary).Assembly,
                (name, _, _) => name switch { LlamaApi.Llama => llama, LlamaApi.Ggml => ggml, LlamaApi.GgmlBase => ggmlBase, _ => 0 });

            string version = Marshal.PtrToStringUTF8((nint)LlamaApi.llama_version()) ?? string.Empty;
            if (!IsKnownRelease(version))
            {
                throw new NativeLibraryException(
                    $"'{files.Llama}' is llama.cpp {version}, but this engine supports {string.Join(" and ", KnownReleases)}. "
                    + "Use the libraries included with the engine.");
            }

            return Start(folder, version);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new NativeLibraryException(
                $"The llama.cpp libraries in '{folder}' could not be loaded: {e.Message} "
                + "Use the libraries included with the engine for this platform.",
                e);
        }
    }

    /// <summary>Initializes the library. The order matters: first the log, then the backends, then the library that uses them.</summary>
    private static unsafe LlamaLibrary Start(string folder, string version)
    {
        using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Debug);
        LlamaLog.Attach();
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            LlamaApi.ggml_backend_load_all_from_path(path);
        }

        if (LlamaApi.ggml_backend_reg_count() == 0)
        {
            throw new NativeLibraryException(
                $"No backend in '{folder}' supports this processor. {log.Text}"
                + "Use the libraries included with the engine for this platform.");
        }

        LlamaApi.llama_backend_init();
        string systemInfo = Marshal.PtrToStringUTF8((nint)LlamaApi.llama_print_system_info()) ?? string.Empty;
        return new LlamaLibrary(folder, version, systemInfo, log.Lines);
    }
}
