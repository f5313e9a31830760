using System.Buffers;
using System.Buffers.Binary;

namespace Orchard.Protocol.Sockets;

/// <summary>A message as bytes on the socket: the type byte 01, a 64-bit big-endian length, then that many bytes.</summary>
internal static class SpFrame
{
    public const int HeaderLength = 9;

    private const byte MessageType = 0x01;

    public static void WriteHeader(Span<byte> destination, long messageLength)
    {
        destination[0] = MessageType;
        BinaryPrimitives.WriteInt64BigEndian(destination[1..], messageLength);
    }

    /// <summary>
    /// Removes the first message from <paramref name="buffer"/>, or leaves the buffer unchanged if the message is incomplete.
    /// </summary>
    /// <remarks>
    /// The cost does not depend on how much of the message has arrived, so reading a long message in small pieces stays linear.
    /// </remarks>
    /// <exception cref="WireException">The type is not 1, or the length exceeds <paramref name="maxMessageBytes"/>.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, long maxMessageBytes, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.IsEmpty)
        {
            return false;
        }

        // Copied because the header may span several segments.
        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, Math.Min(buffer.Length, HeaderLength)).CopyTo(header);
        byte type = header[0];
        if (type != MessageType)
        {
            throw new WireException($"The peer sent a frame of type 0x{type:X2}; only 0x{MessageType:X2} is valid.");
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
