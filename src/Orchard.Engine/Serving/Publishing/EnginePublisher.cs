using System.Buffers;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine.Serving.Publishing;

/// <summary>
/// Encodes deltas and events for the PUB socket, and sends deltas to the client they are for. All deltas of one decode step are sent in one
/// write.
/// </summary>
/// <remarks>
/// Deltas are encoded and written on the scheduler's thread. Another thread would have to be woken for every token, and on a machine whose
/// cores are all busy decoding, that costs more than the few microseconds of encoding and writing.
/// </remarks>
internal sealed class EnginePublisher(PubSocket socket, ClientChannels channels) : IDeltaSink, IEventSink
{
    // Limits the memory that each publishing thread keeps after a long message.
    private const int KeptBufferBytes = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    public void Queue(ulong responseChannelId, ResponseDelta delta)
    {
        bool isAssigned = ResponseChannel.IsAssigned(responseChannelId);
        PubSubscriber? owner = isAssigned ? channels.Find(responseChannelId) : null;
        if (isAssigned && owner is null)
        {
            return; // its client has gone
        }

        ArrayBufferWriter<byte> buffer = TakeBuffer();
        ResponseDeltaWriter.Write(responseChannelId, delta, buffer);
        if (owner is not null)
        {
            owner.Queue(buffer.WrittenSpan);
        }
        else
        {
            socket.QueueForOthers(buffer.WrittenSpan);
        }
    }

    public void Flush() => socket.Flush();

    public void Publish(EngineEvent engineEvent)
    {
        ArrayBufferWriter<byte> buffer = TakeBuffer();
        engineEvent.Write(buffer);
        socket.Publish(buffer.WrittenSpan);
    }

    public void PublishReplaceable(EngineEvent engineEvent)
    {
        ArrayBufferWriter<byte> buffer = TakeBuffer();
        engineEvent.Write(buffer);
        socket.PublishReplaceable(buffer.WrittenSpan);
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
