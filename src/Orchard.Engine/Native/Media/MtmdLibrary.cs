using System.Runtime.InteropServices;

namespace Orchard.Engine.Native.Media;

/// <summary>
/// The library for images and sound. It is in a package of its own, and loaded when the first projector is. Thread-safe.
/// </summary>
internal static class MtmdLibrary
{
    /// <summary>The package that contains the library.</summary>
    public const string Package = "Orchard.Engine.Media";

    private static readonly Lazy<nint> Loaded = new(LoadFile);

    /// <summary>Whether the file of the library is there.</summary>
    public static bool IsInstalled => Find(NativeFiles.DefaultFolder) is not null;

    /// <summary>Loads the library on the first call, and sets its log. The other libraries must have been loaded.</summary>
    /// <exception cref="NativeLibraryException">The library is missing, or belongs to another release.</exception>
    public static void Load()
    {
        bool isFirst = !Loaded.IsValueCreated;
        _ = Loaded.Value;
        if (isFirst)
        {
            LlamaLog.AttachMedia();
        }
    }

    /// <summary>Returns the library for the imports.</summary>
    internal static nint Handle => Loaded.Value;

    private static nint LoadFile()
    {
        string folder = NativeFiles.DefaultFolder;
        string file = Find(folder) ?? throw new NativeLibraryException(
            $"The library for images and sound is not in '{folder}'. Add the package {Package} to the application that starts the engine, "
            + "and stop the engine, so that the next one has it.");
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException(
                $"'{file}' could not be loaded: {e.Message} It must belong to the llama.cpp libraries beside it: use the package {Package} "
                + "of the same version as the engine.",
                e);
        }
    }

    private static string? Find(string folder) => Directory.Exists(folder)
        ? Array.Find(Directory.GetFiles(folder), static file => NativeFiles.IsLibrary(Path.GetFileName(file), "mtmd."))
        : null;
}
