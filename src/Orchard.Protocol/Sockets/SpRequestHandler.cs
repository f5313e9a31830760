using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>
/// Answers one request. The request's bytes are valid until the task completes. The token is cancelled when the connection ends, since the
/// reply can no longer be delivered.
/// </summary>
internal delegate ValueTask<ReadOnlyMemory<byte>> SpRequestHandler(ReadOnlySequence<byte> request, CancellationToken cancellationToken);
