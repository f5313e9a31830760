using System.Text;

namespace Orchard.Benchmarks.Models;

/// <summary>Writes the parts of a GGUF file: metadata and the list of tensors first, then their data in the same order.</summary>
internal sealed class GgufWriter(Stream stream) : IDisposable
{
    private const uint Magic = 0x46554747;
    private const uint Version = 3;
    private const int Alignment = 32;

    private readonly BinaryWriter _header = new(new MemoryStream());
    private readonly MemoryStream _tensorList = new();
    private readonly List<Tensor> _tensors = [];
    private ulong _metadataCount;
    private long _dataLength;

    private enum ValueType : uint
    {
        Uint32 = 4,
        Int32 = 5,
        Float32 = 6,
        Text = 8,
        Array = 9,
    }

    private enum TensorType : uint
    {
        Float32 = 0,
        Q8 = 8,
    }

    public void Number(string key, int value)
    {
        Key(key, ValueType.Uint32);
        _header.Write((uint)value);
    }

    public void Number(string key, float value)
    {
        Key(key, ValueType.Float32);
        _header.Write(value);
    }

    public void Text(string key, string value)
    {
        Key(key, ValueType.Text);
        Write(_header, value);
    }

    public void Texts(string key, IReadOnlyList<string> values)
    {
        ArrayKey(key, ValueType.Text, values.Count);
        foreach (string value in values)
        {
            Write(_header, value);
        }
    }

    public void Numbers(string key, IReadOnlyList<int> values)
    {
        ArrayKey(key, ValueType.Int32, values.Count);
        foreach (int value in values)
        {
            _header.Write(value);
        }
    }

    /// <summary>A vector of ones.</summary>
    public void Ones(string name, int length) => Add(name, TensorType.Float32, [length], length * sizeof(float), WriteOnes);

    /// <summary>A matrix of q8_0 blocks with random values.</summary>
    public void Random(string name, int columns, int rows, Random random) =>
        Matrix(name, columns, rows, bytes => Q8Block.WriteRandom(bytes, random));

    /// <summary>A matrix of q8_0 blocks, written row after row. It comes as zeros.</summary>
    public void Matrix(string name, int columns, int rows, FillBytes fill) =>
        Add(name, TensorType.Q8, [columns, rows], (long)columns * rows / Q8Block.Elements * Q8Block.Bytes, fill);

    /// <summary>Writes the file. Nothing can be added afterwards.</summary>
    public void Finish()
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write((ulong)_tensors.Count);
        writer.Write(_metadataCount);
        _header.Flush();
        ((MemoryStream)_header.BaseStream).WriteTo(stream);
        _tensorList.WriteTo(stream);
        Pad(stream.Position);
        foreach (Tensor tensor in _tensors)
        {
            byte[] data = new byte[tensor.Bytes];
            tensor.Fill(data);
            stream.Write(data);
            Pad(tensor.Bytes);
        }
    }

    public void Dispose() => _header.Dispose();

    private void Add(string name, TensorType type, int[] dimensions, long bytes, FillBytes fill)
    {
        using var writer = new BinaryWriter(_tensorList, Encoding.UTF8, leaveOpen: true);
        Write(writer, name);
        writer.Write((uint)dimensions.Length);
        foreach (int dimension in dimensions)
        {
            writer.Write((ulong)dimension);
        }

        writer.Write((uint)type);
        writer.Write((ulong)_dataLength);
        _tensors.Add(new Tensor(bytes, fill));
        _dataLength += bytes + Padding(bytes);
    }

    private void Key(string key, ValueType type)
    {
        Write(_header, key);
        _header.Write((uint)type);
        _metadataCount++;
    }

    private void ArrayKey(string key, ValueType elements, int count)
    {
        Key(key, ValueType.Array);
        _header.Write((uint)elements);
        _header.Write((ulong)count);
    }

    private void Pad(long length) => stream.Write(new byte[Padding(length)]);

    private static long Padding(long length) => (Alignment - (length % Alignment)) % Alignment;

    private static void WriteOnes(Span<byte> bytes) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).Fill(1);

    private static void Write(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private sealed record Tensor(long Bytes, FillBytes Fill);
}

/// <summary>Writes the data of a tensor.</summary>
internal delegate void FillBytes(Span<byte> bytes);
