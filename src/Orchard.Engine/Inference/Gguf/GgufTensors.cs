namespace Orchard.Engine.Inference.Gguf;

/// <summary>What the list of tensors of a file, or of all files of a split model, says.</summary>
/// <param name="Count">Number of tensors.</param>
/// <param name="Parameters">Number of their elements.</param>
/// <param name="DataLength">Bytes from the start of the data to the end of the last tensor.</param>
/// <param name="ElementsByType">Number of elements, by the names of known tensor types.</param>
/// <param name="HasClassifier">Whether there is a classification head.</param>
/// <param name="HasLearnedPositions">Whether there is a matrix of positions.</param>
internal sealed record GgufTensors(
    long Count, long Parameters, long DataLength, Dictionary<string, long> ElementsByType, bool HasClassifier, bool HasLearnedPositions)
{
    private const int MaxDimensions = 4;
    private const int MaxKnownName = 64;
    private const int MaxWidths = 256;

    /// <summary>Where the bytes are.</summary>
    public TensorSizes Sizes { get; init; } = new();

    /// <summary>
    /// Sizes of the dimensions of tensors outside of the layers, at most 256: the width of what a projector computes is among them.
    /// </summary>
    public IReadOnlySet<long> Widths { get; init; } = new HashSet<long>();

    /// <summary>Type of most elements; null if none is known.</summary>
    public string? MainType => ElementsByType.Count == 0 ? null : ElementsByType.MaxBy(pair => pair.Value).Key;

    public static GgufTensors Read(GgufReader reader, long count)
    {
        long parameters = 0;
        long dataLength = 0;
        bool hasClassifier = false;
        bool hasLearnedPositions = false;
        var byType = new Dictionary<string, long>(StringComparer.Ordinal);
        var sizes = new TensorSizes();
        var widths = new HashSet<long>();
        for (long i = 0; i < count; i++)
        {
            string? name = reader.ReadString(MaxKnownName);
            hasClassifier |= name is "cls.weight" or "cls.output.weight";
            hasLearnedPositions |= name is "position_embd.weight";
            uint dimensions = reader.ReadUInt32();
            if (dimensions > MaxDimensions)
            {
                throw reader.Damaged($"it describes a tensor of {dimensions:N0} dimensions");
            }

            long elements = 1;
            bool isInLayer = name?.Contains("blk.", StringComparison.Ordinal) ?? false;
            for (uint d = 0; d < dimensions; d++)
            {
                long size = checked((long)reader.ReadUInt64());
                elements = checked(elements * size);
                if (!isInLayer && widths.Count < MaxWidths)
                {
                    widths.Add(size);
                }
            }

            uint type = reader.ReadUInt32();
            long offset = checked((long)reader.ReadUInt64());
            parameters = checked(parameters + elements);

            // An unknown type counts as 0 bytes. The library decides whether it can load it.
            long bytes = 0;
            if (GgufTensorType.Find(type) is (string typeName, int blockElements, int blockBytes))
            {
                bytes = checked((elements + blockElements - 1) / blockElements * blockBytes);
                byType[typeName] = byType.GetValueOrDefault(typeName) + elements;
            }

            sizes.Add(name ?? string.Empty, bytes);
            dataLength = Math.Max(dataLength, checked(offset + bytes));
        }

        return new GgufTensors(count, parameters, dataLength, byType, hasClassifier, hasLearnedPositions)
        {
            Sizes = sizes,
            Widths = widths,
        };
    }

    /// <summary>Returns these tensors and those of another part of the model.</summary>
    public GgufTensors With(GgufTensors part)
    {
        var byType = new Dictionary<string, long>(ElementsByType, StringComparer.Ordinal);
        foreach ((string type, long elements) in part.ElementsByType)
        {
            byType[type] = checked(byType.GetValueOrDefault(type) + elements);
        }

        var sizes = new TensorSizes();
        sizes.Add(Sizes);
        sizes.Add(part.Sizes);
        return new GgufTensors(
            Count + part.Count,
            checked(Parameters + part.Parameters),
            checked(DataLength + part.DataLength),
            byType,
            HasClassifier || part.HasClassifier,
            HasLearnedPositions || part.HasLearnedPositions)
        {
            Sizes = sizes,
        };
    }
}
