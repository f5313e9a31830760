using System.Runtime.InteropServices;
using System.Text;

namespace Orchard.TestModels;

/// <summary>Writes GGUF files. Keys and tensors are described first; the data of the tensors is written one after another.</summary>
public sealed class GgufFile
{
    private const uint Float32 = 0;
    private const uint Float16 = 1;
    private const uint Q8 = 8;

    private readonly List<Action<BinaryWriter>> _keys = [];
    private readonly List<TensorEntry> _tensors = [];
    private long _dataLength;

    /// <summary>Alignment of the tensors in bytes, to be set before the first one (default: 32). Other values need the key for it.</summary>
    public int Alignment { get; init; } = 32;

    /// <summary>Writes the data of a tensor.</summary>
    /// <param name="bytes">The data; comes as zeros.</param>
    public delegate void FillBytes(Span<byte> bytes);

    public GgufFile Number(string key, int value) => Key(key, 4, writer => writer.Write((uint)value));

    public GgufFile Number(string key, float value) => Key(key, 6, writer => writer.Write(value));

    public GgufFile Flag(string key, bool value) => Key(key, 7, writer => writer.Write(value));

    public GgufFile Text(string key, string value) => Key(key, 8, writer => Write(writer, value));

    public GgufFile Texts(string key, IReadOnlyList<string> values) => Key(key, 9, writer =>
    {
        writer.Write(8u);
        writer.Write((ulong)values.Count);
        foreach (string value in values)
        {
            Write(writer, value);
        }
    });

    public GgufFile Numbers(string key, IReadOnlyList<int> values) => Key(key, 9, writer =>
    {
        writer.Write(5u);
        writer.Write((ulong)values.Count);
        foreach (int value in values)
        {
            writer.Write(value);
        }
    });

    public GgufFile Numbers(string key, IReadOnlyList<float> values) => Key(key, 9, writer =>
    {
        writer.Write(6u);
        writer.Write((ulong)values.Count);
        foreach (float value in values)
        {
            writer.Write(value);
        }
    });

    /// <summary>A tensor of 32-bit numbers, its fastest dimension first.</summary>
    public GgufFile Tensor(string name, float[] values, params ReadOnlySpan<int> dimensions) =>
        Add(name, Float32, dimensions, (long)values.Length * sizeof(float), MemoryMarshal.AsBytes(values.AsSpan()).ToArray().CopyTo);

    /// <summary>A tensor of 16-bit numbers, its fastest dimension first.</summary>
    public GgufFile HalfTensor(string name, float[] values, params ReadOnlySpan<int> dimensions)
    {
        Half[] halves = Array.ConvertAll(values, static value => (Half)value);
        return Add(name, Float16, dimensions, (long)values.Length * sizeof(ushort), MemoryMarshal.AsBytes(halves.AsSpan()).ToArray().CopyTo);
    }

    /// <summary>A vector of ones.</summary>
    public GgufFile Ones(string name, int length) =>
        Add(name, Float32, [length], (long)length * sizeof(float), static bytes => MemoryMarshal.Cast<byte, float>(bytes).Fill(1));

    /// <summary>A matrix of q8_0 blocks with random values.</summary>
    public GgufFile Random(string name, int columns, int rows, Random random) =>
        Matrix(name, columns, rows, bytes => Q8Block.WriteRandom(bytes, random));

    /// <summary>A matrix of q8_0 blocks, written row after row.</summary>
    public GgufFile Matrix(string name, int columns, int rows, FillBytes fill) =>
        Add(name, Q8, [columns, rows], (long)columns * rows / Q8Block.Elements * Q8Block.Bytes, fill);

    /// <summary>Writes the file; it appears under its name only when it is whole.</summary>
    public void Save(string path)
    {
        string unfinished = $"{path}.{Environment.ProcessId}";
        using (FileStream stream = File.Create(unfinished))
        {
            WriteTo(stream);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private void WriteTo(Stream stream)
    {
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write("GGUF"u8);
            writer.Write(3u);
            writer.Write((ulong)_tensors.Count);
            writer.Write((ulong)_keys.Count);
            _keys.ForEach(write => write(writer));
            _tensors.ForEach(tensor => tensor.Describe(writer));
        }

        Pad(stream, stream.Position);
        foreach (TensorEntry tensor in _tensors)
        {
            byte[] data = new byte[tensor.Bytes];
            tensor.Fill(data);
            stream.Write(data);
            Pad(stream, tensor.Bytes);
        }
    }

    private GgufFile Add(string name, uint type, ReadOnlySpan<int> dimensions, long bytes, FillBytes fill)
    {
        _tensors.Add(new TensorEntry(name, type, dimensions.ToArray(), _dataLength, bytes, fill));
        _dataLength += bytes + Padding(bytes);
        return this;
    }

    /// <summary>A value of any type.</summary>
    /// <param name="key">The key.</param>
    /// <param name="type">Number of the type in the format.</param>
    /// <param name="write">Writes the value.</param>
    public GgufFile Key(string key, uint type, Action<BinaryWriter> write)
    {
        _keys.Add(writer =>
        {
            Write(writer, key);
            writer.Write(type);
            write(writer);
        });
        return this;
    }

    private void Pad(Stream stream, long length) => stream.Write(new byte[Padding(length)]);

    private long Padding(long length) => (Alignment - (length % Alignment)) % Alignment;

    private static void Write(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private sealed record TensorEntry(string Name, uint Type, int[] Dimensions, long Offset, long Bytes, FillBytes Fill)
    {
        public void Describe(BinaryWriter writer)
        {
            Write(writer, Name);
            writer.Write((uint)Dimensions.Length);
            foreach (int dimension in Dimensions)
            {
                writer.Write((ulong)dimension);
            }

            writer.Write(Type);
            writer.Write((ulong)Offset);
        }
    }
}
