using System.Buffers.Binary;

namespace Orchard.Testing;

/// <summary>A GGUF file with a header only: no metadata and no tensors. Enough for code that checks whether a model is there.</summary>
internal static class EmptyModel
{
    private const int HeaderBytes = 24; // magic, version, number of tensors, number of metadata entries
    private const uint Version = 3;

    public static string PathIn(Protocol.EngineRoot root) => Path.Combine(root.Directory, "fake.gguf");

    public static void Write(string path)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        "GGUF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Version);
        File.WriteAllBytes(path, header);
    }

    /// <summary>Deletes the file. Does nothing if it or its directory is gone.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The test has deleted the directory, or has taken its permissions away.
        }
    }
}
