namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// What the headers of a model's files say. Reading them verifies that the files are complete and that the native library can load them,
/// because it ends the process for some that it cannot.
/// </summary>
internal sealed record GgufHeader
{
    public required string Path { get; init; }

    public required long FileBytes { get; init; }

    /// <summary>Bytes of the other files of a split model; 0 if it is not split.</summary>
    public long OtherBytes { get; init; }

    /// <summary>Bytes of all files of the model.</summary>
    public long TotalBytes => checked(FileBytes + OtherBytes);

    /// <summary>Number of layers; 0 if unknown.</summary>
    public int LayerCount { get; init; }

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

    /// <summary>How the KV cache and the recurrent state are spread over the layers.</summary>
    public LayerMemory LayerMemory { get; init; } = LayerMemory.Even;

    /// <summary>Bytes per token in a 16-bit KV cache, over all layers; 0 if unknown.</summary>
    public long KeyValueBytesPerToken => BytesPerToken(CacheType.F16, CacheType.F16);

    /// <summary>Number of attention heads per layer; 0 if unknown.</summary>
    public long AttentionHeads { get; init; }

    /// <summary>Bytes per token in a KV cache, over all layers; 0 if unknown.</summary>
    public long BytesPerToken(CacheType keys, CacheType values) => checked(keys.BytesOf(KeysPerToken) + values.BytesOf(ValuesPerToken));

    /// <summary>Bytes of the layers and of what is around them.</summary>
    public TensorSizes Sizes { get; init; } = new();

    /// <summary>Paths of the files: of all parts, if the model is split.</summary>
    public IReadOnlyList<string> Files { get => field ?? [Path]; init; }

    /// <summary>Tokens that end an answer, as the file names them; empty if it names none.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>Metadata values that have another type than the library reads.</summary>
    public IReadOnlyList<GgufOverride> Overrides { get; init; } = [];

    /// <summary>Reads the header of a model file, and of its other parts if it is the first part of a split model.</summary>
    /// <exception cref="ModelFileException">The file is missing, unreadable, not a model, damaged, truncated or unsupported.</exception>
    public static GgufHeader Read(string path)
    {
        GgufPart first = GgufPart.Read(path);
        CheckType(first);
        return Create(GgufParts.Read(first));
    }

    /// <summary>Reads the header of a LoRA adapter.</summary>
    /// <exception cref="ModelFileException">The file is missing, unreadable, not an adapter, damaged or truncated.</exception>
    public static GgufHeader ReadAdapter(string path)
    {
        GgufPart file = GgufPart.Read(path);
        return file.Metadata.GetName("general.type") is "adapter"
            ? Create([file])
            : throw new ModelFileException(
                path, $"'{path}' is not a LoRA adapter. Convert the adapter to GGUF, or use the file as a model.");
    }

    /// <summary>Reads the header of a model that is not split.</summary>
    /// <param name="stream">A seekable stream, at its start.</param>
    /// <param name="path">Path of the file, for messages.</param>
    /// <exception cref="ModelFileException">The content is not a model, or is damaged, truncated or unsupported.</exception>
    internal static GgufHeader Read(Stream stream, string path)
    {
        GgufPart file = GgufPart.Read(stream, path);
        CheckType(file);
        return Create([file]);
    }

    /// <summary>
    /// Whether a file is a model, or the first part of one, and not a file that accompanies a model. Also true for a file that cannot be
    /// read: <see cref="Read(string)"/> says what is wrong with it.
    /// </summary>
    public static bool IsStartOfModel(string path)
    {
        try
        {
            GgufPart file = GgufPart.Read(path);
            return FindOtherType(file) is null && (file.Metadata.Get("split.no")?.Sum ?? 0) == 0;
        }
        catch (ModelFileException)
        {
            return true;
        }
    }

    private static void CheckType(GgufPart file)
    {
        if (FindOtherType(file) is { } problem)
        {
            throw new ModelFileException(file.Path, $"'{file.Path}' ({file.Length:N0} bytes) is not a model: it {problem}");
        }
    }

    /// <summary>Returns what a file is that only accompanies a model; null for a model.</summary>
    private static string? FindOtherType(GgufPart file)
    {
        string? type = file.Metadata.GetName("general.type");
        return (type, file.Metadata.Architecture) switch
        {
            ("adapter", _) => "is a LoRA adapter. Load the model that it was trained for, and name the adapter in the options of a call.",
            ("mmproj", _) or (_, "clip") => "is the projector of a model for images or sound. Use the file of the model itself.",
            ("imatrix", _) => "contains the data of a quantization (imatrix). Use the file of the model itself.",
            (_, "controlvector") => "is a control vector. Use the file of the model itself.",
            (null or "model", _) => null,
            _ => $"contains a {type}. Use the file of a model.",
        };
    }

    private static GgufHeader Create(IReadOnlyList<GgufPart> parts)
    {
        GgufPart first = parts[0];
        GgufMetadata metadata = first.Metadata;
        GgufTensors tensors = parts.Skip(1).Aggregate(first.Tensors, static (sum, part) => sum.With(part.Tensors));
        if (tensors.Count == 0)
        {
            throw Unsuitable(first, "contains no weights. Use the file that contains the model itself.");
        }

        if (metadata.Architecture is not { } architecture)
        {
            throw Unsuitable(first, "is damaged: it does not specify its architecture. Download or copy it again.");
        }

        if (GgufRules.FindProblem(metadata) is { } problem)
        {
            throw Unsuitable(first, problem);
        }

        try
        {
            (long keys, long values) = CountKeyValues(metadata);
            return new GgufHeader
            {
                Path = first.Path,
                Files = [.. parts.Select(static part => part.Path)],
                FileBytes = first.Length,
                OtherBytes = parts.Skip(1).Sum(static part => part.Length),
                LayerCount = (int)Math.Clamp(metadata.GetForArchitecture("block_count")?.Sum ?? 0, 0, int.MaxValue),
                Sizes = tensors.Sizes,
                Architecture = architecture,
                ParameterCount = tensors.Parameters,
                ContextLength = checked((int)(metadata.GetForArchitecture("context_length")?.Sum ?? 0)),
                OriginalContextLength = Math.Max(0, metadata.GetForArchitecture("rope.scaling.original_context_length")?.Sum ?? 0),
                VocabularySize = metadata.Vocabulary?.Size ?? 0,
                ChatTemplate = metadata.ChatTemplate,
                ChatTemplates = metadata.ChatTemplates,
                SpecialTokens = SpecialTokenNames.Find(metadata),
                EndTokens = metadata.EndTokens,
                Overrides = metadata.Overrides,
                Sampling = metadata.Sampling,
                Quantization = GgufFileType.GetName(metadata.Get("general.file_type")?.Sum) ?? tensors.MainType,
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
                LayerMemory = LayerMemory.Of(metadata),
                AttentionHeads = Math.Max(0, GetAttentionHeads(metadata)),
            };
        }
        catch (OverflowException)
        {
            throw Unsuitable(first, "is damaged: it contains a number that is out of range. Download or copy it again.");
        }
    }

    private static ModelFileException Unsuitable(GgufPart file, string problem) =>
        new(file.Path, $"The model file '{file.Path}' ({file.Length:N0} bytes) {problem}");

    /// <summary>Returns the numbers per token among the keys and values of all KV heads in all layers.</summary>
    private static (long Keys, long Values) CountKeyValues(GgufMetadata metadata)
    {
        long blocks = metadata.GetForArchitecture("block_count")?.Sum ?? 0;
        long layers = RecurrentState.CountAttentionLayers(metadata, blocks);
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
}
