using System.Buffers;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine.Serving.Publishing;

/// <summary>
/// Encodes deltas and events for the PUB socket, and sends deltas to the client they are for. All deltas of one decode step are sent in one
/// write; those for PIE-compatible clients are joined over some milliseconds.
/// </summary>
/// <remarks>
/// Deltas are encoded and written on the scheduler's thread. Another thread would have to be woken for every token, and on a machine whose
/// cores are all busy decoding, that costs more than the few microseconds of encoding and writing.
/// </remarks>
internal sealed class EnginePublisher : IDeltaSink, IEventSink, IDisposable
{
    // Limits the memory that each publishing thread keeps after a long message.
    private const int KeptBufferBytes = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    private readonly PubSocket _socket;
    private readonly ClientChannels _channels;
    private readonly DeltaJoiner _joiner;

    public EnginePublisher(PubSocket socket, ClientChannels channels, TimeProvider time)
    {
        _socket = socket;
        _channels = channels;
        _joiner = new DeltaJoiner(QueueForOthers, Flush, time);
    }

    public void Queue(ulong responseChannelId, ResponseDelta delta)
    {
        if (!ResponseChannel.IsAssigned(responseChannelId))
        {
            _joiner.Add(responseChannelId, delta);
            return;
        }

        if (_channels.Find(responseChannelId) is { } owner) // otherwise its client has gone
        {
            ArrayBufferWriter<byte> buffer = TakeBuffer();
            ResponseDeltaWriter.Write(responseChannelId, delta, buffer);
            owner.Queue(buffer.WrittenSpan);
        }
    }

    public void Flush() => _socket.Flush();

    public void Publish(EngineEvent engineEvent)
    {
        ArrayBufferWriter<byte> buffer = TakeBuffer();
        engineEvent.Write(buffer);
        _socket.Publish(buffer.WrittenSpan);
    }

    public void PublishReplaceable(EngineEvent engineEvent)
    {
        ArrayBufferWriter<byte> buffer = TakeBuffer();
        engineEvent.Write(buffer);
        _socket.PublishReplaceable(buffer.WrittenSpan);
    }

    /// <summary>Sends what is held for PIE-compatible clients. From then on, their deltas are sent at once too.</summary>
    public void Dispose() => _joiner.Dispose();

    private void QueueForOthers(ulong channel, ResponseDelta delta)
    {
        ArrayBufferWriter<byte> buffer = TakeBuffer();
        ResponseDeltaWriter.Write(channel, delta, buffer);
        _socket.QueueForOthers(buffer.WrittenSpan);
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
