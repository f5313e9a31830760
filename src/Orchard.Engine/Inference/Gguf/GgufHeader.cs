using System.Buffers.Binary;

namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// The header of a GGUF model file. Reading it verifies that the file is a complete GGUF file, because the native library aborts the
/// process on some damaged files.
/// </summary>
internal sealed record GgufHeader
{
    private const uint Magic = 0x46554747; // "GGUF", little-endian
    private const int MinTensorInfoBytes = 24;
    private const int MaxKnownName = 20;
    private const int MinMetadataBytes = 13;

    public required string Path { get; init; }

    public required long FileBytes { get; init; }

    /// <summary>Name of the architecture, such as <c>llama</c>.</summary>
    public required string Architecture { get; init; }

    public required long ParameterCount { get; init; }

    /// <summary>Context length that the model was trained for, in tokens; 0 if unknown.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Context length of the original training, before RoPE scaling extended it, in tokens; 0 if unknown.</summary>
    public long OriginalContextLength { get; init; }

    /// <summary>Number of tokens in the vocabulary; 0 if the file has none.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Default chat template (Jinja); null if the file has none.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Additional chat templates, by name.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates { get; init; } = new Dictionary<string, string>();

    /// <summary>Ids of special tokens, by their Hugging Face names, such as <c>bos_token</c>.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; init; } = new Dictionary<string, int>();

    /// <summary>Recommended sampling values: the numeric <c>general.sampling.*</c> keys of the file, by the last part of the key.</summary>
    public IReadOnlyDictionary<string, double> Sampling { get; init; } = new Dictionary<string, double>();

    /// <summary>Quantization as declared in the file, or else the tensor type of most weights; null if unknown.</summary>
    public string? Quantization { get; init; }

    /// <summary>Number of dimensions of a token embedding; 0 if unknown.</summary>
    public int EmbeddingLength { get; init; }

    /// <summary>Number of dimensions of an output embedding; 0 if unknown.</summary>
    public int OutputEmbeddingLength { get; init; }

    /// <summary>Whether the model has a classification head. The library aborts when it ranks without one.</summary>
    public bool HasClassifier { get; init; }

    /// <summary>Whether tokens attend only to those before them. Otherwise the model cannot generate text.</summary>
    public bool IsCausal { get; init; } = true;

    /// <summary>Whether positions are learned, so that there are none beyond <see cref="ContextLength"/>.</summary>
    public bool HasLearnedPositions { get; init; }

    /// <summary>
    /// Whether the file is an adapter that is to be applied only after certain tokens (activated LoRA).
    /// </summary>
    public bool IsActivatedAdapter { get; init; }

    /// <summary>Pooling declared in the file; null if there is none.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Numbers per token among the keys of a KV cache, over all layers; 0 if unknown.</summary>
    public long KeysPerToken { get; init; }

    /// <summary>Numbers per token among the values of a KV cache, over all layers; 0 if unknown.</summary>
    public long ValuesPerToken { get; init; }

    /// <summary>Bytes of the recurrent state of a sequence; 0 if there is none, or if its size is not known.</summary>
    public long StateBytes { get; init; }

    /// <summary>Bytes per token in a 16-bit KV cache, over all layers; 0 if unknown.</summary>
    public long KeyValueBytesPerToken => BytesPerToken(CacheType.F16, CacheType.F16);

    /// <summary>Number of attention heads per layer; 0 if unknown.</summary>
    public long AttentionHeads { get; init; }

    /// <summary>Bytes per token in a KV cache, over all layers; 0 if unknown.</summary>
    public long BytesPerToken(CacheType keys, CacheType values) => checked(keys.BytesOf(KeysPerToken) + values.BytesOf(ValuesPerToken));

    /// <summary>Reads the header of a file. Fast even for large files.</summary>
    /// <exception cref="ModelFileException">The file is missing, unreadable, not a model, damaged or truncated.</exception>
    public static GgufHeader Read(string path)
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
    /// <exception cref="ModelFileException">The content is not a model, or is damaged or truncated.</exception>
    internal static GgufHeader Read(Stream stream, string path)
    {
        long length = stream.Length;
        var reader = new GgufReader(stream, length, path);
        try
        {
            CheckFormat(reader, path, length);
            long tensorCount = reader.ReadCount(MinTensorInfoBytes, "tensors");
            long metadataCount = reader.ReadCount(MinMetadataBytes, "metadata values");
            GgufMetadata metadata = GgufMetadata.Read(reader, metadataCount);
            TensorFacts tensors = ReadTensorInfos(reader, tensorCount);
            long end = checked(AlignUp(reader.Position, metadata.Get("general.alignment")?.Sum ?? 32, reader) + tensors.DataLength);
            if (end > length)
            {
                throw new ModelFileException(
                    path, $"The model file '{path}' is truncated: it has {length:N0} bytes of {end:N0}. Download or copy it again.");
            }

            if (tensorCount == 0)
            {
                throw new ModelFileException(
                    path,
                    $"The model file '{path}' ({length:N0} bytes) contains no weights. Use the file that contains the model itself.");
            }

            (long keys, long values) = CountKeyValues(metadata);
            return new GgufHeader
            {
                Path = path,
                FileBytes = length,
                Architecture = metadata.Architecture ?? throw reader.Damaged("it does not specify its architecture"),
                ParameterCount = tensors.Parameters,
                ContextLength = checked((int)(metadata.GetForArchitecture("context_length")?.Sum ?? 0)),
                OriginalContextLength = Math.Max(0, metadata.GetForArchitecture("rope.scaling.original_context_length")?.Sum ?? 0),
                VocabularySize = metadata.VocabularySize,
                ChatTemplate = metadata.ChatTemplate,
                ChatTemplates = metadata.ChatTemplates,
                SpecialTokens = SpecialTokenNames.Find(metadata),
                Sampling = metadata.Sampling,
                Quantization = GgufFileType.GetName(metadata.Get("general.file_type")?.Sum) ?? tensors.Type,
                EmbeddingLength = checked((int)(metadata.GetForArchitecture("embedding_length")?.Sum ?? 0)),
                OutputEmbeddingLength = checked((int)((metadata.GetForArchitecture("embedding_length_out")
                    ?? metadata.GetForArchitecture("embedding_length"))?.Sum ?? 0)),
                HasClassifier = tensors.HasClassifier,
                IsCausal = metadata.GetForArchitecture("attention.causal")?.Sum is not 0,
                HasLearnedPositions = tensors.HasLearnedPositions,
                IsActivatedAdapter = metadata.HasInvocationTokens,
                Pooling = metadata.GetForArchitecture("pooling_type")?.Sum is >= 0 and <= 4 and var pooling ? (Pooling)pooling : null,
                KeysPerToken = keys,
                ValuesPerToken = values,
                StateBytes = RecurrentState.CountBytes(metadata),
                AttentionHeads = Math.Max(0, GetAttentionHeads(metadata)),
            };
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

    private static TensorFacts ReadTensorInfos(GgufReader reader, long count)
    {
        long parameters = 0;
        long dataLength = 0;
        bool hasClassifier = false;
        bool hasLearnedPositions = false;
        var byType = new Dictionary<string, long>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            string? name = reader.ReadString(MaxKnownName);
            hasClassifier |= name is "cls.weight" or "cls.output.weight";
            hasLearnedPositions |= name is "position_embd.weight";
            uint dimensions = reader.ReadUInt32();
            if (dimensions > 4)
            {
                throw reader.Damaged($"it describes a tensor of {dimensions:N0} dimensions");
            }

            long elements = 1;
            for (uint d = 0; d < dimensions; d++)
            {
                elements = checked(elements * (long)reader.ReadUInt64());
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

            dataLength = Math.Max(dataLength, checked(offset + bytes));
        }

        string? most = byType.Count == 0 ? null : byType.MaxBy(pair => pair.Value).Key;
        return new TensorFacts(parameters, dataLength, most, hasClassifier, hasLearnedPositions);
    }

    private static long AlignUp(long position, long alignment, GgufReader reader) =>
        alignment is > 0 and <= 1 << 20 && long.IsPow2(alignment)
            ? (position + alignment - 1) & -alignment
            : throw reader.Damaged($"its alignment of {alignment:N0} is not a power of two");

    /// <summary>Returns the numbers per token among the keys and values of all KV heads in all layers.</summary>
    private static (long Keys, long Values) CountKeyValues(GgufMetadata metadata)
    {
        long layers = RecurrentState.CountAttentionLayers(metadata, metadata.GetForArchitecture("block_count")?.Sum ?? 0);
        long headsPerLayer = GetAttentionHeads(metadata);
        GgufNumber keyValueHeads = metadata.GetForArchitecture("attention.head_count_kv")
            ?? metadata.GetForArchitecture("attention.head_count")
            ?? default;
        long allKeyValueHeads = keyValueHeads.Count > 1 ? keyValueHeads.Sum : checked(keyValueHeads.Sum * layers);
        long headSize = headsPerLayer > 0 ? (metadata.GetForArchitecture("embedding_length")?.Sum ?? 0) / headsPerLayer : 0;
        long keySize = metadata.GetForArchitecture("attention.key_length")?.Sum ?? headSize;
        long valueSize = metadata.GetForArchitecture("attention.value_length")?.Sum ?? headSize;
        long keys = Math.Max(0, checked(allKeyValueHeads * keySize));
        long values = Math.Max(0, checked(allKeyValueHeads * valueSize));
        return checked(keys + values) <= long.MaxValue / 2 ? (keys, values) : throw new OverflowException();
    }

    private static long GetAttentionHeads(GgufMetadata metadata) =>
        metadata.GetForArchitecture("attention.head_count") is { Count: > 0 } heads ? heads.Sum / heads.Count : 0;

    /// <summary>What the list of tensors says.</summary>
    /// <param name="Parameters">Number of parameters.</param>
    /// <param name="DataLength">Number of bytes from the start of the data to the end of the last tensor.</param>
    /// <param name="Type">Type of most parameters; null if unknown.</param>
    /// <param name="HasClassifier">Whether there is a classification head.</param>
    /// <param name="HasLearnedPositions">Whether there is a matrix of positions.</param>
    private readonly record struct TensorFacts(long Parameters, long DataLength, string? Type, bool HasClassifier, bool HasLearnedPositions);
}
