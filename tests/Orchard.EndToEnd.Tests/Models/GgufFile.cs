using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Orchard.EndToEnd.Tests.Models;

/// <summary>Writes small GGUF files with 32-bit weights.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Streams in memory hold nothing to release.")]
internal sealed class GgufFile
{
    private const int Alignment = 32;

    private readonly MemoryStream _metadata = new();
    private readonly MemoryStream _tensors = new();
    private readonly MemoryStream _data = new();
    private ulong _metadataCount;
    private ulong _tensorCount;

    public GgufFile Number(string key, int value) => Value(key, 4, writer => writer.Write((uint)value));

    public GgufFile Number(string key, float value) => Value(key, 6, writer => writer.Write(value));

    public GgufFile Flag(string key, bool value) => Value(key, 7, writer => writer.Write(value));

    public GgufFile Text(string key, string value) => Value(key, 8, writer => Write(writer, value));

    public GgufFile Texts(string key, IReadOnlyList<string> values) => Value(key, 9, writer =>
    {
        writer.Write(8u);
        writer.Write((ulong)values.Count);
        foreach (string value in values)
        {
            Write(writer, value);
        }
    });

    public GgufFile Numbers(string key, IReadOnlyList<int> values) => Value(key, 9, writer =>
    {
        writer.Write(5u);
        writer.Write((ulong)values.Count);
        foreach (int value in values)
        {
            writer.Write(value);
        }
    });

    /// <summary>A tensor, its fastest dimension first.</summary>
    public GgufFile Tensor(string name, float[] values, params ReadOnlySpan<int> dimensions)
    {
        using var writer = new BinaryWriter(_tensors, Encoding.UTF8, leaveOpen: true);
        Write(writer, name);
        writer.Write((uint)dimensions.Length);
        foreach (int dimension in dimensions)
        {
            writer.Write((ulong)dimension);
        }

        writer.Write(0u);
        writer.Write((ulong)_data.Length);
        _data.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        Pad(_data);
        _tensorCount++;
        return this;
    }

    public void Save(string path)
    {
        using FileStream stream = File.Create(path);
        using var writer = new BinaryWriter(stream);
        writer.Write(0x46554747u);
        writer.Write(3u);
        writer.Write(_tensorCount);
        writer.Write(_metadataCount);
        writer.Write(_metadata.ToArray());
        writer.Write(_tensors.ToArray());
        Pad(stream);
        writer.Write(_data.ToArray());
    }

    private GgufFile Value(string key, uint type, Action<BinaryWriter> write)
    {
        using var writer = new BinaryWriter(_metadata, Encoding.UTF8, leaveOpen: true);
        Write(writer, key);
        writer.Write(type);
        write(writer);
        _metadataCount++;
        return this;
    }

    private static void Write(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Pad(Stream stream) => stream.Write(new byte[(Alignment - (stream.Length % Alignment)) % Alignment]);
}
