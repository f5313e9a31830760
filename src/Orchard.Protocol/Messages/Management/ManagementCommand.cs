using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>
/// A command to the engine: one JSON object. <see cref="Type"/> selects the command, and each command uses some of the other members.
/// </summary>
/// <remarks>
/// One record for all commands, since the decoder has to accept unknown types, any key order and unused members anyway. Separate records
/// would add a second, polymorphic layer on top of this one.
/// </remarks>
internal sealed record ManagementCommand
{
    public const string LoadModel = "load_model";
    public const string CancelModelLoad = "cancel_model_load";
    public const string CancelRequest = "cancel_request";
    public const string InspectModelSource = "inspect_model_source";
    public const string ClientRegister = "client_register";
    public const string ClientDeregister = "client_deregister";

    /// <summary>
    /// Orchard extension: the sender reads the connection to which <see cref="ResponseChannelId"/> was assigned. PIE refuses it as unknown.
    /// </summary>
    public const string ClientBind = "client_bind";

    /// <summary>Orchard extension: what has become of a channel. PIE refuses it as unknown.</summary>
    public const string ChannelStatus = "channel_status";

    /// <summary>Orchard extension: stop the engine even if it has clients. PIE refuses it as unknown.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>Orchard extension: free a model that is not in use. PIE refuses it as unknown.</summary>
    public const string UnloadModel = "unload_model";

    /// <summary>Orchard extension: tokenize texts with the vocabulary of a loaded model. PIE refuses it as unknown.</summary>
    public const string Tokenize = "tokenize";

    /// <summary>Orchard extension: convert tokens to text. PIE refuses it as unknown.</summary>
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

    /// <summary>
    /// Orchard extension: makes <see cref="RequestId"/> and <see cref="LoadId"/> unambiguous. Other clients leave it out.
    /// </summary>
    [JsonPropertyName("response_channel_id")]
    public ulong? ResponseChannelId { get; init; }

    /// <summary>Orchard extension of <c>load_model</c> and <c>cancel_model_load</c>: the client's number of one load.</summary>
    [JsonPropertyName("load_id")]
    public ulong? LoadId { get; init; }

    /// <summary>Options of <c>load_model</c> that PIE does not have.</summary>
    [JsonPropertyName("orchard")]
    public LoadExtensions? Extensions { get; init; }

    [JsonPropertyName("client_pid")]
    public int? ClientPid { get; init; }

    /// <summary>Orchard extension: the sender's <see cref="ProtocolVersion"/>. Other clients leave it out.</summary>
    [JsonPropertyName("protocol_version")]
    public int? ProtocolVersion { get; init; }

    /// <summary>The texts to <c>tokenize</c>.</summary>
    [JsonPropertyName("texts")]
    public string[]? Texts { get; init; }

    /// <summary>The tokens to <c>detokenize</c>.</summary>
    [JsonPropertyName("tokens")]
    public int[]? Tokens { get; init; }

    /// <summary>
    /// For <c>tokenize</c>: whether to add the beginning and end tokens and to recognize control tokens in the text. For
    /// <c>detokenize</c>: whether to write control tokens as text.
    /// </summary>
    [JsonPropertyName("special")]
    public bool? Special { get; init; }

    /// <summary>
    /// For <c>tokenize</c> with one text: ranges without control tokens, in the form of <c>orchard.plain_text</c> of a prompt.
    /// </summary>
    [JsonPropertyName("plain_text")]
    public int[]? PlainText { get; init; }
}
