using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages;

/// <summary>A command to the engine. One JSON object; <see cref="Type"/> says which, the other members are set as that command needs.</summary>
internal sealed record ManagementCommand
{
    public const string LoadModel = "load_model";
    public const string CancelModelLoad = "cancel_model_load";
    public const string CancelRequest = "cancel_request";
    public const string InspectModelSource = "inspect_model_source";
    public const string ClientRegister = "client_register";
    public const string ClientDeregister = "client_deregister";

    /// <summary>Ours: the engine leaves, whoever still uses it. The family's engine refuses it as unknown.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>Ours: the engine lets go of a model that nobody uses. The family's engine refuses it as unknown.</summary>
    public const string UnloadModel = "unload_model";

    /// <summary>Ours: the tokens of texts, by a loaded model's vocabulary. The family's engine refuses it as unknown.</summary>
    public const string Tokenize = "tokenize";

    /// <summary>Ours: the text of tokens. The family's engine refuses it as unknown.</summary>
    public const string Detokenize = "detokenize";

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("requested_id")]
    public string? RequestedId { get; init; }

    [JsonPropertyName("canonical_id")]
    public string? CanonicalId { get; init; }

    [JsonPropertyName("model_path")]
    public string? ModelPath { get; init; }

    [JsonPropertyName("wait_for_completion")]
    public bool? WaitForCompletion { get; init; }

    [JsonPropertyName("request_id")]
    public ulong? RequestId { get; init; }

    /// <summary>Ours: makes <see cref="RequestId"/> and <see cref="LoadId"/> unambiguous. Siblings leave it out.</summary>
    [JsonPropertyName("response_channel_id")]
    public ulong? ResponseChannelId { get; init; }

    /// <summary>Ours, in <c>load_model</c> and <c>cancel_model_load</c>: the client's number for one load. Siblings leave it out.</summary>
    [JsonPropertyName("load_id")]
    public ulong? LoadId { get; init; }

    [JsonPropertyName("client_pid")]
    public int? ClientPid { get; init; }

    /// <summary>Ours: the sender's <see cref="ProtocolVersion"/>. Siblings leave it out.</summary>
    [JsonPropertyName("protocol_version")]
    public int? ProtocolVersion { get; init; }

    /// <summary>Ours, in <c>tokenize</c>.</summary>
    [JsonPropertyName("texts")]
    public string[]? Texts { get; init; }

    /// <summary>Ours, in <c>detokenize</c>.</summary>
    [JsonPropertyName("tokens")]
    public int[]? Tokens { get; init; }

    /// <summary>
    /// Ours, in <c>tokenize</c>: whether the tokens that begin and end a text are added and control tokens written in it count; in
    /// <c>detokenize</c>: whether control tokens are written out.
    /// </summary>
    [JsonPropertyName("special")]
    public bool? Special { get; init; }

    /// <summary>Ours, in <c>tokenize</c> of one text: as <c>orchard.plain_text</c> of a prompt.</summary>
    [JsonPropertyName("plain_text")]
    public int[]? PlainText { get; init; }
}
