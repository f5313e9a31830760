using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native;

/// <summary>The loaded llama.cpp library. Loaded once per process; a failure to load is final for the process.</summary>
/// <param name="Folder">Where it was loaded from.</param>
/// <param name="Version">What the library says of itself, such as <c>0.5.0-dev</c>.</param>
/// <param name="SystemInfo">Processor features in use, in the library's words.</param>
/// <param name="StartupLog">What it logged while starting, the chosen back ends among it.</param>
internal sealed record LlamaLibrary(string Folder, string Version, string SystemInfo, IReadOnlyList<string> StartupLog)
{
    /// <summary>The releases whose struct layouts <see cref="LlamaApi"/> was checked against. See NATIVE.md before adding one.</summary>
    private static readonly string[] KnownReleases = ["0.4.0", "0.5.0"];

    private static readonly Lazy<LlamaLibrary> Loaded = new(() => LoadFrom(NativeFiles.DefaultFolder));

    /// <summary>Whether something other than the processor may compute.</summary>
    public bool HasGpu { get; } = LlamaApi.llama_supports_gpu_offload();

    /// <summary>Loads the library on the first call. Thread-safe.</summary>
    /// <exception cref="NativeLibraryException">It is missing, incomplete or of an unknown release.</exception>
    public static LlamaLibrary Load() => Loaded.Value;

    internal static bool IsKnownRelease(string version) =>
        KnownReleases.Any(release => version == release || version.StartsWith(release + "-", StringComparison.Ordinal));

    private static unsafe LlamaLibrary LoadFrom(string folder)
    {
        NativeFiles files = NativeFiles.Find(folder);
        try
        {
            // Dependencies first, by full path: no system-wide copy of another release can slip in.
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
                    $"'{files.Llama}' is llama.cpp {version}; this engine knows {string.Join(" and ", KnownReleases)}. Use the libraries that came with the engine.");
            }

            return Start(folder, version);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new NativeLibraryException(
                $"The llama.cpp libraries in '{folder}' do not load: {e.Message} Use the libraries that came with the engine for this platform.", e);
        }
    }

    /// <summary>The order matters: the log first, so that what follows is heard; back ends before the library that uses them.</summary>
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
                $"No back end in '{folder}' runs on this processor. {log.Text}Use the libraries that came with the engine for this platform.");
        }

        LlamaApi.llama_backend_init();
        string systemInfo = Marshal.PtrToStringUTF8((nint)LlamaApi.llama_print_system_info()) ?? string.Empty;
        return new LlamaLibrary(folder, version, systemInfo, log.Lines);
    }
}
