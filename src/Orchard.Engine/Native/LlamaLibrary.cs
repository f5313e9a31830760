using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Native.Backends;

namespace Orchard.Engine.Native;

/// <summary>The llama.cpp library. It is loaded once per process, and a failure is permanent.</summary>
/// <param name="Folder">Folder of the library files.</param>
/// <param name="Version">Version of the library, such as <c>0.5.0-dev</c>.</param>
/// <param name="SystemInfo">Processor features in use, as reported by the library.</param>
/// <param name="StartupLog">What the library logged on startup, including the selected backends.</param>
/// <param name="Backends">The GPU libraries in the folder, and which of them are used.</param>
internal sealed record LlamaLibrary(
    string Folder, string Version, string SystemInfo, IReadOnlyList<string> StartupLog, IReadOnlyList<BackendStatus> Backends)
{
    private static readonly Lazy<LlamaLibrary> Loaded = new(() => LoadFrom(NativeFiles.DefaultFolder));

    private static BackendRules? _rules;

    /// <summary>Whether the library can compute on a GPU.</summary>
    public bool HasGpu { get; } = LlamaApi.llama_supports_gpu_offload();

    /// <summary>The library, if it has been loaded.</summary>
    public static LlamaLibrary? Current => Loaded.IsValueCreated ? Loaded.Value : null;

    /// <summary>Sets the rules for GPU libraries, before the library is loaded (default: those of the environment).</summary>
    public static void Use(BackendRules rules) => _rules = rules;

    /// <summary>Returns the library, loading it on the first call. Thread-safe.</summary>
    /// <exception cref="NativeLibraryException">The library is missing, incomplete or of an unsupported release.</exception>
    public static LlamaLibrary Load() => Loaded.Value;

    /// <summary>Initializes the library. The order matters: first the log, then the backends, then the library that uses them.</summary>
    private static unsafe LlamaLibrary LoadFrom(string folder)
    {
        (NativeFiles files, string version) = LlamaLibraryFiles.Open(folder);
        using LlamaLogCapture log = LlamaLog.CaptureThisThread(LogLevel.Debug);
        LlamaLog.Attach();
        BackendRules rules = _rules ?? BackendRules.OfEnvironment();
        var loader = new BackendLoader(
            folder, new BackendSelection(rules, files.GgmlBase, version, NativeFiles.IsGiven), rules.Logger);
        IReadOnlyList<BackendFile> gpus = BackendFile.FindAll(folder);
        List<BackendStatus> backends = [.. BackendLoader.FindMissing(rules.Choice, gpus)];
        if (gpus.Any(gpu => gpu.Backend.IsProbed || rules.Choice.IsMade))
        {
            backends.AddRange(loader.Load(gpus));
        }
        else
        {
            loader.LoadAll();
        }

        backends.ForEach(loader.Report);

        if (LlamaApi.ggml_backend_reg_count() == 0)
        {
            throw new NativeLibraryException(
                $"No backend in '{folder}' supports this processor. {log.Text}"
                + "Use the libraries included with the engine for this platform.");
        }

        LlamaApi.llama_backend_init();
        string systemInfo = Marshal.PtrToStringUTF8((nint)LlamaApi.llama_print_system_info()) ?? string.Empty;
        return new LlamaLibrary(folder, version, systemInfo, log.Lines, backends);
    }
}
