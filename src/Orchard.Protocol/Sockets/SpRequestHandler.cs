using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>
/// Answers one request. The request's bytes are valid until the task completes. The token is signalled when the connection ends
/// and nobody is left to read the reply.
/// </summary>
internal delegate ValueTask<ReadOnlyMemory<byte>> SpRequestHandler(ReadOnlySequence<byte> request, CancellationToken cancellationToken);
