using System.Buffers;

namespace Orchard.Protocol.Sockets;

/// <summary>
/// Takes one message off a read loop. The bytes are valid until the returned task completes; the next message is read after that,
/// so a handler that waits pushes back on the peer. A handler that throws ends the connection: as violated when it throws a
/// <see cref="WireException"/>, else as faulted.
/// </summary>
internal delegate ValueTask SpMessageHandler(ReadOnlySequence<byte> message);
