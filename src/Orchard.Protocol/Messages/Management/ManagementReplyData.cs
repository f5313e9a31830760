using System.Text.Json.Serialization;

namespace Orchard.Protocol.Messages.Management;

/// <summary>The result of a management command. Each command has a member of its own name.</summary>
internal sealed record ManagementReplyData
{
    [JsonPropertyName("load_model")]
    public LoadedModel? LoadModel { get; init; }

    [JsonPropertyName("inspect_model_source")]
    public ModelSource? InspectModelSource { get; init; }

    /// <summary>Orchard extension: the tokens of each text.</summary>
    [JsonPropertyName("tokenize")]
    public int[][]? Tokenize { get; init; }

    /// <summary>Orchard extension: the text of the tokens.</summary>
    [JsonPropertyName("detokenize")]
    public string? Detokenize { get; init; }

    /// <summary>Orchard extension: one of <see cref="ChannelStates"/>.</summary>
    [JsonPropertyName("channel_status")]
    public string? ChannelStatus { get; init; }

    /// <summary>Orchard extension: which engine process answered.</summary>
    [JsonPropertyName("client_register")]
    public EngineIdentity? ClientRegister { get; init; }
}
