namespace Orchard.Protocol.Messages.Events;

/// <summary>The JSON of <c>model_load_failed</c>.</summary>
internal sealed class ModelLoadFailedPayload
{
    public string? Event { get; set; }

    public string? ModelId { get; set; }

    public string? Error { get; set; }
}
