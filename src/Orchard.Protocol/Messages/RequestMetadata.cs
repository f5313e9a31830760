namespace Orchard.Protocol.Messages;

/// <summary>The metadata object of a request frame as it is on the wire, before anything in it is believed. A key that is missing leaves the default.</summary>
internal sealed class RequestMetadata
{
    public ulong? RequestId { get; set; }

    public string? ModelId { get; set; }

    public string? ModelPath { get; set; }

    public int RequestType { get; set; }

    public ulong RequestChannelId { get; set; }

    public ulong? ResponseChannelId { get; set; }

    [System.Text.Json.Serialization.JsonConverter(typeof(CappedListConverters.Prompts))]
    public List<PromptMetadata>? Prompts { get; set; }

    /// <summary>What clients of ours add.</summary>
    public RequestExtensions? Orchard { get; set; }
}

/// <summary>What clients of ours add to the metadata of a request.</summary>
internal sealed class RequestExtensions
{
    public bool Acknowledge { get; set; }

    public string? Traceparent { get; set; }
}
