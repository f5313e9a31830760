namespace Orchard.Protocol.Messages;

/// <summary>A response that cannot be read. When its request id was readable, that request can be failed instead of waiting for ever.</summary>
internal sealed class ResponseDeltaException(string message, ulong? requestId) : WireException(message)
{
    public ulong? RequestId { get; } = requestId;
}
