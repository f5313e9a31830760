using System.Buffers.Binary;

namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// The header of one GGUF file: its metadata and list of tensors. Reading it verifies that the file is complete.
/// </summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Metadata">The values that the engine uses.</param>
/// <param name="Tensors">The tensors.</param>
internal sealed record GgufPart(string Path, long Length, GgufMetadata Metadata, GgufTensors Tensors)
{
    private const uint Magic = 0x46554747; // "GGUF", little-endian
    private const int MinTensorInfoBytes = 24;
    private const int MinMetadataBytes = 13;
    private const int DefaultAlignment = 32;
    private const int MaxAlignment = 1 << 20;

    /// <summary>Reads the header of a file. Fast even for large files.</summary>
    /// <exception cref="ModelFileException">The file is missing, unreadable, not in the GGUF format, damaged or truncated.</exception>
    public static GgufPart Read(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new ModelFileException(path, $"'{path}' is a directory. Give the path of a GGUF model file.");
            }

            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new ModelFileException(path, $"There is no model file '{path}'. Check the path, or download the model first.");
            }

            // Checked before the file is opened, because opening a named pipe, whose length is also 0, would block.
            if (file.Length == 0)
            {
                throw new ModelFileException(path, $"The model file '{path}' is empty (0 bytes). Download or copy it again.");
            }

            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            return Read(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ModelFileException(path, $"The model file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the header of a stream.</summary>
    /// <param name="stream">A seekable stream, at its start.</param>
    /// <param name="path">Path of the file, for messages.</param>
    /// <exception cref="ModelFileException">The content is not in the GGUF format, or is damaged or truncated.</exception>
    public static GgufPart Read(Stream stream, string path)
    {
        long length = stream.Length;
        var reader = new GgufReader(stream, length, path);
        try
        {
            CheckFormat(reader, path, length);
            long tensorCount = reader.ReadCount(MinTensorInfoBytes, "tensors");
            long metadataCount = reader.ReadCount(MinMetadataBytes, "metadata values");
            GgufMetadata metadata = GgufMetadata.Read(reader, metadataCount);
            GgufTensors tensors = GgufTensors.Read(reader, tensorCount);
            long alignment = metadata.Get("general.alignment")?.Sum ?? DefaultAlignment;
            long end = checked(AlignUp(reader.Position, alignment, reader) + tensors.DataLength);
            return end <= length
                ? new GgufPart(path, length, metadata, tensors)
                : throw new ModelFileException(
                    path, $"The model file '{path}' is truncated: it has {length:N0} bytes of {end:N0}. Download or copy it again.");
        }
        catch (OverflowException)
        {
            throw reader.Damaged("it contains a number that is out of range");
        }
    }

    private static void CheckFormat(GgufReader reader, string path, long length)
    {
        if (length < 4 || reader.ReadUInt32() != Magic)
        {
            throw new ModelFileException(
                path,
                $"'{path}' ({length:N0} bytes) is not a GGUF model file: it does not start with \"GGUF\". Use a model in GGUF format.");
        }

        uint version = reader.ReadUInt32();
        if (version is 2 or 3)
        {
            return;
        }

        throw new ModelFileException(path, BinaryPrimitives.ReverseEndianness(version) is 2 or 3
            ? $"The model file '{path}' ({length:N0} bytes) is in big-endian byte order. Use the little-endian file of the model."
            : $"The model file '{path}' ({length:N0} bytes) has GGUF version {version}, but only 2 and 3 are supported. Convert it again.");
    }

    private static long AlignUp(long position, long alignment, GgufReader reader) =>
        alignment is > 0 and <= MaxAlignment && long.IsPow2(alignment)
            ? (position + alignment - 1) & -alignment
            : throw reader.Damaged($"its alignment of {alignment:N0} is not a power of two");
}
