namespace Orchard.Protocol.Messages.Deltas;

/// <summary>A response that cannot be read. If its request id was readable, that request can fail instead of waiting forever.</summary>
internal sealed class ResponseDeltaException(string message, ulong? requestId) : WireException(message)
{
    public ulong? RequestId { get; } = requestId;
}
