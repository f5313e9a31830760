using System.Buffers;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine.Serving;

/// <summary>Encodes deltas and events for the PUB socket. The deltas of one step leave in one write.</summary>
internal sealed class EnginePublisher(PubSocket socket) : IDeltaSink, IEventSink
{
    // One long completed text should not be kept for ever on each thread that ever published.
    private const int KeptBufferBytes = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    public void Queue(ulong responseChannelId, ResponseDelta delta)
    {
        ArrayBufferWriter<byte> buffer = TakeBuffer();
        ResponseDeltaWriter.Write(responseChannelId, delta, buffer);
        socket.Queue(buffer.WrittenSpan);
    }

    public void Flush() => socket.Flush();

    public void Publish(EngineEvent engineEvent)
    {
        ArrayBufferWriter<byte> buffer = TakeBuffer();
        engineEvent.Write(buffer);
        socket.Publish(buffer.WrittenSpan);
    }

    private static ArrayBufferWriter<byte> TakeBuffer()
    {
        if (_buffer is not { Capacity: <= KeptBufferBytes })
        {
            _buffer = new ArrayBufferWriter<byte>(1024);
        }

        _buffer.ResetWrittenCount();
        return _buffer;
    }
}
