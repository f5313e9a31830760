using System.Text.Json.Serialization;
using Orchard.Protocol.Messages.Json;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>The metadata of a request as it was received, before validation. A missing key leaves the default.</summary>
internal sealed class RequestMetadata
{
    public ulong? RequestId { get; set; }

    public string? ModelId { get; set; }

    public string? ModelPath { get; set; }

    public int RequestType { get; set; }

    public ulong RequestChannelId { get; set; }

    public ulong? ResponseChannelId { get; set; }

    [JsonConverter(typeof(PromptList))]
    public List<PromptMetadata>? Prompts { get; set; }

    /// <summary>Orchard extensions.</summary>
    public ExtensionsObject? Orchard { get; set; }

    internal sealed class ExtensionsObject
    {
        public bool Acknowledge { get; set; }

        public bool OmitItemValues { get; set; }

        public bool PrefillProgress { get; set; }

        public double? KeepAlive { get; set; }

        public string? Traceparent { get; set; }
    }

    internal sealed class PromptList() : CappedListConverter<PromptMetadata>(RequestLimits.MaxPrompts);
}
