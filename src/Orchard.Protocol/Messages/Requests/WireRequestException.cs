namespace Orchard.Protocol.Messages.Requests;

/// <summary>A request that cannot be served. If its ids were readable, its sender can be notified.</summary>
internal sealed class WireRequestException(string message, ulong? requestId, ulong? responseChannelId) : WireException(message)
{
    public ulong? RequestId { get; } = requestId;

    public ulong? ResponseChannelId { get; } = responseChannelId;
}
