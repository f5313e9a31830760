using System.Globalization;

namespace Orchard.Engine.Inference.Gguf;

/// <summary>
/// The metadata values of a GGUF file that the engine uses. All others are skipped, so that malicious counts cost no memory.
/// </summary>
internal sealed class GgufMetadata
{
    private const int MaxKeyBytes = 256;
    private const int MaxNumbers = 256;
    private const int MaxNameBytes = 256;
    private const int MaxTemplateBytes = 4 << 20;
    private const int MaxTemplates = 16;
    private const int MaxSamplingValues = 32;
    private const string SamplingPrefix = "general.sampling.";
    private const string TemplateKey = "tokenizer.chat_template";
    private const string EndTokensKey = "tokenizer.ggml.eos_token_ids";
    private const int MaxEndTokens = 64;

    private static readonly string[] NumberSuffixes =
    [
        ".context_length", ".rope.scaling.original_context_length", ".block_count", ".embedding_length", ".embedding_length_out",
        ".attention.head_count", ".attention.head_count_kv", ".attention.key_length", ".attention.value_length", ".attention.causal",
        ".alignment", ".pooling_type", ".file_type", ".full_attention_interval", ".ssm.conv_kernel", ".ssm.inner_size", ".ssm.state_size",
        ".ssm.group_count", ".wkv.head_size", ".token_shift_count", ".shortconv.l_cache", ".kda.head_dim", ".feed_forward_length",
        ".nextn_predict_layers", ".expert_count", ".expert_used_count", ".expert_group_count", ".expert_group_used_count", "_token_id",
        "split.no", "split.count", "split.tensors.count", ".attention.compress_ratios", ".attention.indexer.key_length",
        ".has_vision_encoder", ".has_audio_encoder", ".projection_dim", ".image_size", ".patch_size", ".num_mel_bins",
    ];

    /// <summary>Longer lists are not those of layers.</summary>
    public const int MostLayers = 4096;

    // With one number per layer.
    private static readonly string[] ListSuffixes = [".attention.head_count_kv", ".feed_forward_length"];

    private static readonly string[] RealSuffixes = [".rope.freq_base", ".rope.scaling.factor", "_epsilon"];

    private static readonly string[] NameSuffixes =
        ["general.architecture", "general.type", "tokenizer.ggml.model", ".rope.scaling.type", ".projector_type"];

    private readonly Dictionary<string, GgufNumber> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long[]> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly List<int> _endTokens = [];
    private readonly List<GgufOverride> _overrides = [];

    public string? Architecture => GetName("general.architecture");

    /// <summary>Default chat template; null if the file has none, or an empty one.</summary>
    public string? ChatTemplate { get; private set; }

    /// <summary>Named chat templates in addition to <see cref="ChatTemplate"/>.</summary>
    public Dictionary<string, string> ChatTemplates { get; } = new(StringComparer.Ordinal);

    /// <summary>Recommended sampling values, by the last part of their keys.</summary>
    public Dictionary<string, double> Sampling { get; } = new(StringComparer.Ordinal);

    /// <summary>The tokens; null if the file has none.</summary>
    public GgufVocabulary? Vocabulary { get; private set; }

    /// <summary>Whether an adapter is to be applied only after certain tokens.</summary>
    public bool HasInvocationTokens { get; private set; }

    /// <summary>Tokens that end an answer, as the file names them.</summary>
    public IReadOnlyList<int> EndTokens => _endTokens;

    /// <summary>Values that have another type than the library reads.</summary>
    public IReadOnlyList<GgufOverride> Overrides => _overrides;

    /// <summary>Returns a short text, such as <c>general.type</c>, or null.</summary>
    public string? GetName(string key) => _names.GetValueOrDefault(key);

    /// <summary>Returns a value with the architecture as prefix of its key, such as <c>llama.context_length</c>, or null.</summary>
    public GgufNumber? GetForArchitecture(string name) => Get($"{Architecture}.{name}");

    /// <summary>Returns the numbers of the layers, or null if the value is one number for all or does not exist.</summary>
    /// <param name="name">Name of the value without the architecture: the number of KV heads or the width of feed-forward networks.</param>
    public IReadOnlyList<long>? GetListForArchitecture(string name) => _lists.GetValueOrDefault($"{Architecture}.{name}");

    public GgufNumber? Get(string key) => _numbers.TryGetValue(key, out GgufNumber number) ? number : null;

    public static GgufMetadata Read(GgufReader reader, long count)
    {
        var metadata = new GgufMetadata();
        for (long i = 0; i < count; i++)
        {
            string? key = reader.ReadString(MaxKeyBytes);
            metadata.ReadValue(reader, key ?? string.Empty, (GgufValueType)reader.ReadUInt32());
        }

        return metadata;
    }

    private void ReadValue(GgufReader reader, string key, GgufValueType type)
    {
        switch (type)
        {
            case GgufValueType.Text when key == TemplateKey:
                ChatTemplate = ReadTemplate(reader, MaxTemplateBytes);
                break;
            case GgufValueType.Text when key.StartsWith(TemplateKey + ".", StringComparison.Ordinal) && ChatTemplates.Count < MaxTemplates:
                if (ReadTemplate(reader, MaxTemplateBytes / MaxTemplates) is { } template)
                {
                    ChatTemplates[key[(TemplateKey.Length + 1)..]] = template;
                }

                break;
            case GgufValueType.Text when EndsWithAny(key, NameSuffixes) && _names.Count < MaxNumbers:
                if (reader.ReadString(MaxNameBytes) is { } name)
                {
                    _names[key] = name;
                }

                break;
            case GgufValueType.Text:
                reader.SkipString();
                break;
            case GgufValueType.Array:
                ReadArray(reader, key);
                break;
            case var _ when key.StartsWith(SamplingPrefix, StringComparison.Ordinal) && Sampling.Count < MaxSamplingValues:
                double value = ReadReal(reader, type);
                if (double.IsFinite(value))
                {
                    Sampling[key[SamplingPrefix.Length..]] = value;
                }

                break;
            case GgufValueType.Float64:
                Override(new GgufOverride(key, null, ReadReal(reader, type)));
                break;
            default:
                ReadInteger(reader, key, type);
                break;
        }
    }

    private void ReadInteger(GgufReader reader, string key, GgufValueType type)
    {
        long number = ReadNumber(reader, type);
        Keep(key, Single(number, type));
        KeepEndToken(key, number);
        if (type is GgufValueType.Boolean or GgufValueType.Float32 || number is < 0 or > uint.MaxValue)
        {
            return;
        }

        if (EndsWithAny(key, RealSuffixes))
        {
            Override(new GgufOverride(key, null, number));
        }
        else if (type is not GgufValueType.UInt32)
        {
            Override(new GgufOverride(key, number, null));
        }
    }

    private void ReadArray(GgufReader reader, string key)
    {
        var type = (GgufValueType)reader.ReadUInt32();
        int size = type switch
        {
            GgufValueType.Text => 8,
            GgufValueType.Array => throw reader.Damaged("it contains an array of arrays"),
            _ => SizeOf(reader, type),
        };
        long count = reader.ReadCount(size, "array elements");
        HasInvocationTokens |= key == "adapter.alora.invocation_tokens" && count > 0;
        if (type != GgufValueType.Text)
        {
            ReadNumbers(reader, key, type, count, size);
        }
        else if (key == "tokenizer.ggml.tokens")
        {
            Vocabulary = GgufVocabulary.Read(reader, checked((int)count));
        }
        else
        {
            for (long i = 0; i < count; i++)
            {
                if (key == TemplateKey && ChatTemplate is null)
                {
                    ChatTemplate = ReadTemplate(reader, MaxTemplateBytes);
                }
                else
                {
                    reader.SkipString();
                }
            }
        }
    }

    private void ReadNumbers(GgufReader reader, string key, GgufValueType type, long count, int size)
    {
        if (!IsKept(key) && key != EndTokensKey)
        {
            reader.Skip(checked(count * size));
            return;
        }

        long sum = 0;
        long max = 0;
        long zeros = 0;
        long[]? list = count is > 1 and <= MostLayers && EndsWithAny(key, ListSuffixes) ? new long[count] : null;
        for (long i = 0; i < count; i++)
        {
            long number = ReadNumber(reader, type);
            sum = checked(sum + number);
            max = Math.Max(max, number);
            zeros += number == 0 ? 1 : 0;
            list?[i] = number;
            KeepEndToken(key, number);
            if (i == 0 && key.EndsWith("_token_id", StringComparison.Ordinal) && number is >= 0 and <= uint.MaxValue)
            {
                Override(new GgufOverride(key, number, null)); // the library reads one token
                Keep(key, Single(number, type));
            }
        }

        if (!_numbers.ContainsKey(key))
        {
            Keep(key, new GgufNumber(sum, count, zeros, max, type));
        }

        if (list is not null && IsKept(key))
        {
            _lists[key] = list;
        }
    }

    private static GgufNumber Single(long number, GgufValueType type) => new(number, 1, number == 0 ? 1 : 0, number, type);

    private static string? ReadTemplate(GgufReader reader, int maxBytes) =>
        reader.ReadString(maxBytes) is { } template && !string.IsNullOrWhiteSpace(template) ? template : null;

    private void KeepEndToken(string key, long token)
    {
        if (key is "tokenizer.ggml.eos_token_id" or "tokenizer.ggml.eot_token_id" or "tokenizer.ggml.eom_token_id" or EndTokensKey
            && token is >= 0 and <= int.MaxValue
            && _endTokens.Count < MaxEndTokens
            && !_endTokens.Contains((int)token))
        {
            _endTokens.Add((int)token);
        }
    }

    private void Override(GgufOverride value)
    {
        if (_overrides.Count < MaxNumbers)
        {
            _overrides.Add(value);
        }
    }

    private void Keep(string key, GgufNumber number)
    {
        if (IsKept(key))
        {
            _numbers[key] = number;
        }
    }

    private static bool EndsWithAny(string key, string[] suffixes) =>
        suffixes.Any(suffix => key.EndsWith(suffix, StringComparison.Ordinal));

    private bool IsKept(string key) =>
        _numbers.Count < MaxNumbers && EndsWithAny(key, NumberSuffixes);

    /// <summary>Reads an integer. Floating-point numbers are read as 0, because no value in use has that type.</summary>
    private static long ReadNumber(GgufReader reader, GgufValueType type)
    {
        switch (type)
        {
            case GgufValueType.UInt8 or GgufValueType.Boolean:
                return reader.ReadByte();
            case GgufValueType.Int8:
                return (sbyte)reader.ReadByte();
            case GgufValueType.UInt16:
                return reader.ReadUInt16();
            case GgufValueType.Int16:
                return (short)reader.ReadUInt16();
            case GgufValueType.UInt32:
                return reader.ReadUInt32();
            case GgufValueType.Int32:
                return (int)reader.ReadUInt32();
            case GgufValueType.UInt64:
                return (long)Math.Min(reader.ReadUInt64(), long.MaxValue); // a hash, or out of range for what the engine uses
            case GgufValueType.Int64:
                return (long)reader.ReadUInt64();
            default:
                reader.Skip(SizeOf(reader, type));
                return 0;
        }
    }

    private static double ReadReal(GgufReader reader, GgufValueType type) => type switch
    {
        // By its shortest text, so that 0.95 stays 0.95.
        GgufValueType.Float32 => double.Parse(
            BitConverter.UInt32BitsToSingle(reader.ReadUInt32()).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        GgufValueType.Float64 => BitConverter.UInt64BitsToDouble(reader.ReadUInt64()),
        _ => ReadNumber(reader, type),
    };

    private static int SizeOf(GgufReader reader, GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Boolean => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => throw reader.Damaged($"it contains a value of unknown type {(uint)type}"),
    };
}
