using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>
/// Handles one message of a read loop. The bytes are valid until the returned task completes. The next message is read only then, so a
/// handler that waits applies back pressure. An exception ends the connection: as violated for a <see cref="WireException"/>, otherwise as
/// faulted.
/// </summary>
internal delegate ValueTask SpMessageHandler(ReadOnlySequence<byte> message);
