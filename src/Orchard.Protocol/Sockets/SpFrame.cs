using System.Buffers;
using System.Buffers.Binary;

namespace Orchard.Protocol.Sockets;

/// <summary>One message on the wire: the type byte 01, a 64-bit big-endian length, then that many bytes.</summary>
internal static class SpFrame
{
    public const int HeaderLength = 9;

    private const byte MessageType = 0x01;

    public static void WriteHeader(Span<byte> destination, long messageLength)
    {
        destination[0] = MessageType;
        BinaryPrimitives.WriteInt64BigEndian(destination[1..], messageLength);
    }

    /// <summary>Cuts the first message off <paramref name="buffer"/>, or leaves the buffer as it is while the message is incomplete.</summary>
    /// <remarks>Costs the same however much of a long message has arrived, so reading it in small pieces stays linear.</remarks>
    /// <exception cref="WireException">The type is not 1 or the declared length is above <paramref name="maxMessageBytes"/>.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, long maxMessageBytes, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.IsEmpty)
        {
            return false;
        }

        // Copied, since the first segment of a sequence may be empty.
        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, Math.Min(buffer.Length, HeaderLength)).CopyTo(header);
        byte type = header[0];
        if (type != MessageType)
        {
            throw new WireException($"The peer sent a frame of type 0x{type:X2}; only 0x{MessageType:X2} exists.");
        }

        if (buffer.Length < HeaderLength)
        {
            return false;
        }

        ulong length = BinaryPrimitives.ReadUInt64BigEndian(header[1..]);
        if (length > (ulong)maxMessageBytes)
        {
            throw new WireException($"The peer announced a message of {length} bytes; the limit is {maxMessageBytes}.");
        }

        if (buffer.Length - HeaderLength < (long)length)
        {
            return false;
        }

        message = buffer.Slice(HeaderLength, (long)length);
        buffer = buffer.Slice(message.End);
        return true;
    }
}
