using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>Answers one request. The request's bytes are valid until the task completes.</summary>
internal delegate ValueTask<ReadOnlyMemory<byte>> SpRequestHandler(ReadOnlySequence<byte> request, CancellationToken cancellationToken);

/// <summary>
/// Answers requests of any number of REQ peers. Requests run side by side, also those of one connection, so a slow command never
/// delays a cancel behind it; the number under way per connection is capped.
/// </summary>
internal sealed class RepSocket(SpRequestHandler handler, SpOptions options) : ISpServer
{
    public SpProtocol Protocol => SpProtocol.Rep;

    public Task<ConnectionEnd> ServeAsync(Stream stream, CancellationToken cancellationToken)
    {
        _ = handler;
        _ = options;
        throw new NotImplementedException();
    }
}
