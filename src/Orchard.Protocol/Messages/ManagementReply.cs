using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages;

/// <summary>The engine's answer to a command.</summary>
internal sealed record ManagementReply
{
    public const string OkStatus = "ok";
    public const string AcceptedStatus = "accepted";
    public const string ErrorStatus = "error";

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }

    /// <summary>Ours, with a refusal: its kind, one of <see cref="Messages.ErrorCode"/>. Siblings leave it out.</summary>
    [JsonPropertyName("error_code")]
    public string? ErrorCode { get; init; }

    [JsonPropertyName("data")]
    public ManagementReplyData? Data { get; init; }

    [JsonIgnore]
    public bool IsOk => string.Equals(Status, OkStatus, StringComparison.OrdinalIgnoreCase);

    [JsonIgnore]
    public bool IsAccepted => string.Equals(Status, AcceptedStatus, StringComparison.OrdinalIgnoreCase);
}

internal sealed record ManagementReplyData
{
    [JsonPropertyName("load_model")]
    public LoadedModel? LoadModel { get; init; }

    [JsonPropertyName("inspect_model_source")]
    public ModelSource? InspectModelSource { get; init; }

    /// <summary>Ours: the tokens of each text.</summary>
    [JsonPropertyName("tokenize")]
    public int[][]? Tokenize { get; init; }

    /// <summary>Ours: the text of the tokens.</summary>
    [JsonPropertyName("detokenize")]
    public string? Detokenize { get; init; }

    /// <summary>Ours. Siblings ignore it, and their engine leaves it out.</summary>
    [JsonPropertyName("client_register")]
    public EngineIdentity? ClientRegister { get; init; }
}

/// <summary>Which engine process answered a registration.</summary>
internal sealed record EngineIdentity
{
    [JsonPropertyName("pid")]
    public int ProcessId { get; init; }

    [JsonPropertyName("protocol_version")]
    public int ProtocolVersion { get; init; }

    [JsonPropertyName("version")]
    public string? Version { get; init; }
}

/// <summary>What a loaded model is. The same object rides on <c>model_loaded</c>.</summary>
internal sealed record LoadedModel
{
    private static readonly IReadOnlyDictionary<string, int[]> NoCapabilities = new Dictionary<string, int[]>();

    /// <summary>Name to token ids; the wire may give a single id instead of a list.</summary>
    [JsonPropertyName("capabilities")]
    [JsonConverter(typeof(CapabilityTokensConverter))]
    public IReadOnlyDictionary<string, int[]> Capabilities { get; init => field = value ?? NoCapabilities; } = NoCapabilities;

    [JsonPropertyName("minimum_memory_bytes")]
    public ulong? MinimumMemoryBytes { get; init; }

    /// <summary>Ours. Siblings ignore it, and their engine leaves it out.</summary>
    [JsonPropertyName("orchard")]
    public ModelFacts? Facts { get; init; }
}

/// <summary>What our engine tells about a model beyond the family's fields.</summary>
internal sealed record ModelFacts
{
    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("parameter_count")]
    public long? ParameterCount { get; init; }

    /// <summary>Tokens one sequence may hold, prompt and completion together.</summary>
    [JsonPropertyName("context_length")]
    public int? ContextLength { get; init; }

    [JsonPropertyName("file_bytes")]
    public long? FileBytes { get; init; }

    /// <summary>The model's main chat template.</summary>
    [JsonPropertyName("chat_template")]
    public string? ChatTemplate { get; init; }

    /// <summary>Its further ones, by name.</summary>
    [JsonPropertyName("chat_templates")]
    public Dictionary<string, string>? ChatTemplates { get; init; }

    /// <summary>Texts of tokens with a role, by Hugging Face's name of the role, such as <c>unk_token</c>.</summary>
    [JsonPropertyName("special_tokens")]
    public Dictionary<string, string>? SpecialTokens { get; init; }

    /// <summary>How the weights are stored, such as <c>Q4_K_M</c>.</summary>
    [JsonPropertyName("quantization")]
    public string? Quantization { get; init; }

    /// <summary>Tokens of context the model was trained on.</summary>
    [JsonPropertyName("trained_context_length")]
    public int? TrainedContextLength { get; init; }

    /// <summary>Numbers in one embedding.</summary>
    [JsonPropertyName("embedding_length")]
    public int? EmbeddingLength { get; init; }

    /// <summary>How the file says that token embeddings become one: <c>none</c>, <c>mean</c>, <c>cls</c>, <c>last</c> or <c>rank</c>.</summary>
    [JsonPropertyName("pooling")]
    public string? Pooling { get; init; }

    /// <summary>Recommended sampling values: the numbers of the file's <c>general.sampling.*</c> keys, by the last part of the key.</summary>
    [JsonPropertyName("sampling")]
    public Dictionary<string, double>? Sampling { get; init; }

    /// <summary>Text of the token that begins a text.</summary>
    [JsonPropertyName("bos_token")]
    public string? BeginToken { get; init; }

    /// <summary>Text of the token that ends a text.</summary>
    [JsonPropertyName("eos_token")]
    public string? EndToken { get; init; }

    /// <summary>Texts of the tokens that steer the model and are no text.</summary>
    [JsonPropertyName("control_tokens")]
    public string[]? ControlTokens { get; init; }
}

internal sealed record ModelSource
{
    [JsonPropertyName("canonical_id")]
    public string? CanonicalId { get; init; }

    [JsonPropertyName("model_path")]
    public string? ModelPath { get; init; }

    [JsonPropertyName("source_format")]
    public string? SourceFormat { get; init; }

    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("model_type")]
    public string? ModelType { get; init; }

    [JsonPropertyName("formatter_config")]
    public JsonElement? FormatterConfig { get; init; }
}
