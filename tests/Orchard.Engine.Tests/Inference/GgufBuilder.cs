using System.Text;

namespace Orchard.Engine.Tests.Inference;

/// <summary>Writes small GGUF files, well-formed or not.</summary>
internal sealed class GgufBuilder
{
    private readonly List<Action<BinaryWriter>> _metadata = [];
    private readonly List<Action<BinaryWriter>> _tensors = [];
    private int _dataBytes;

    public uint Magic { get; init; } = 0x46554747;

    public uint Version { get; init; } = 3;

    /// <summary>Announced instead of the true number.</summary>
    public ulong? TensorCount { get; init; }

    /// <summary>Announced instead of the true number.</summary>
    public ulong? MetadataCount { get; init; }

    public GgufBuilder Text(string key, string value) => Value(key, 8, writer => Write(writer, value));

    public GgufBuilder Number(string key, uint value) => Value(key, 4, writer => writer.Write(value));

    public GgufBuilder Value(string key, uint type, Action<BinaryWriter> value)
    {
        _metadata.Add(writer =>
        {
            Write(writer, key);
            writer.Write(type);
            value(writer);
        });
        return this;
    }

    public GgufBuilder Tensor(string name, uint type, params ulong[] dimensions) => Tensor(name, type, 0, (uint)dimensions.Length, dimensions);

    public GgufBuilder Tensor(string name, uint type, ulong offset, uint dimensionCount, ulong[] dimensions)
    {
        _tensors.Add(writer =>
        {
            Write(writer, name);
            writer.Write(dimensionCount);
            Array.ForEach(dimensions, writer.Write);
            writer.Write(type);
            writer.Write(offset);
        });
        return this;
    }

    /// <summary>Sets the size of the data after the header (default: 16 bytes).</summary>
    public GgufBuilder Data(int bytes)
    {
        _dataBytes = bytes - 16;
        return this;
    }

    public byte[] Build()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(TensorCount ?? (ulong)_tensors.Count);
        writer.Write(MetadataCount ?? (ulong)_metadata.Count);
        _metadata.ForEach(write => write(writer));
        _tensors.ForEach(write => write(writer));
        writer.Write(new byte[(32 - stream.Length % 32) % 32 + 16 + _dataBytes]);
        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
