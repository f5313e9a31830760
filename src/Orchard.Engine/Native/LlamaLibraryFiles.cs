using System.Runtime.InteropServices;
using Orchard.Engine.Native.Media;

namespace Orchard.Engine.Native;

/// <summary>Loads the files of the library, without any that compute.</summary>
internal static unsafe class LlamaLibraryFiles
{
    /// <summary>The releases in the table of NATIVE.md, which the imports were compared with.</summary>
    internal static IReadOnlyList<string> KnownReleases { get; } = ["0.4.0", "0.5.0"];

    /// <summary>Loads the files in a folder, and makes the imports use them. Once per process.</summary>
    /// <returns>The files and the version of the library, such as <c>0.5.0-dev</c>.</returns>
    /// <exception cref="NativeLibraryException">The library is missing, incomplete or of an unsupported release.</exception>
    public static (NativeFiles Files, string Version) Open(string folder)
    {
        NativeFiles files = NativeFiles.Find(folder);
        try
        {
            // Dependencies first, by full path, so that no system-wide copy of another release is loaded.
            nint ggmlBase = NativeLibrary.Load(files.GgmlBase);
            nint ggml = NativeLibrary.Load(files.Ggml);
            nint llama = NativeLibrary.Load(files.Llama);
            NativeLibrary.SetDllImportResolver(
                typeof(LlamaLibraryFiles).Assembly,
                (name, _, _) => name switch
                {
                    LlamaApi.Llama => llama,
                    LlamaApi.Ggml => ggml,
                    LlamaApi.GgmlBase => ggmlBase,
                    MtmdApi.Mtmd => MtmdLibrary.Handle,
                    _ => 0,
                });

            string version = Marshal.PtrToStringUTF8((nint)LlamaApi.llama_version()) ?? string.Empty;
            if (!IsKnownRelease(version))
            {
                throw new NativeLibraryException(
                    $"'{files.Llama}' is llama.cpp {version}, but this engine supports {string.Join(" and ", KnownReleases)}. "
                    + "Use the libraries included with the engine.");
            }

            return (files, version);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new NativeLibraryException(
                $"The llama.cpp libraries in '{folder}' could not be loaded: {e.Message} "
                + "Use the libraries included with the engine for this platform.",
                e);
        }
    }

    internal static bool IsKnownRelease(string version) =>
        KnownReleases.Any(release => version == release || version.StartsWith(release + "-", StringComparison.Ordinal));
}
