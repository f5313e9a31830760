namespace Orchard.Protocol.Messages;

/// <summary>A request frame that cannot be served. When the sender's ids were readable, the sender can be told.</summary>
internal sealed class RequestFrameException(string message, ulong? requestId, ulong? responseChannelId) : WireException(message)
{
    public ulong? RequestId { get; } = requestId;

    public ulong? ResponseChannelId { get; } = responseChannelId;
}
