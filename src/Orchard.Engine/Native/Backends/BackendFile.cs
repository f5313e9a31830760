namespace Orchard.Engine.Native.Backends;

/// <summary>A GPU library in the folder of the libraries.</summary>
/// <param name="Backend">Its kind.</param>
/// <param name="Path">Path of the file.</param>
internal sealed record BackendFile(GpuBackend Backend, string Path)
{
    /// <summary>
    /// Extension of the file beside a library with the digest of the <c>ggml-base</c> it was built with, and in the second line its
    /// release.
    /// </summary>
    public const string DigestExtension = ".base";

    /// <summary>
    /// Extension of the file beside a <c>ggml-base</c> that was compiled from the source of the release, with the digest of the packaged
    /// one in the place of which it is.
    /// </summary>
    public const string PackagedExtension = ".packaged";

    /// <summary>Finds the GPU libraries in a folder, the best one first.</summary>
    public static IReadOnlyList<BackendFile> FindAll(string folder)
    {
        string[] files = Directory.GetFiles(folder);
        return
        [
            .. GpuBackend.All.SelectMany(backend => files
                .Where(file => NativeFiles.IsLibrary(System.IO.Path.GetFileName(file), $"ggml-{backend.Name}."))
                .Order(StringComparer.Ordinal)
                .Take(1)
                .Select(file => new BackendFile(backend, file))),
        ];
    }
}
