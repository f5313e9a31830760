using System.Buffers;
using System.Globalization;
using System.Text;

namespace Orchard.Protocol.Messages;

/// <summary>Topics: the first bytes of a published message, which determine its recipients.</summary>
internal static class Topic
{
    private const int LongestResponseTopic = 5 + 16 + 1;

    /// <summary>The topic of every broadcast.</summary>
    public static ReadOnlySpan<byte> Event => "__PIE_EVENT__:"u8;

    /// <summary>Orchard extension: the topic of the first message on a connection, which assigns it a response channel.</summary>
    public static ReadOnlySpan<byte> Assignment => "__ORCHARD_CHANNEL__:"u8;

    private static ReadOnlySpan<byte> ResponsePrefix => "resp:"u8;

    /// <summary>Returns the message that assigns a channel to a connection: its topic and the id in hexadecimal.</summary>
    public static byte[] ForAssignment(ulong channelId) =>
        [.. Assignment, .. Encoding.ASCII.GetBytes(channelId.ToString("x16", CultureInfo.InvariantCulture))];

    /// <summary>Reads the payload of a message that assigns a channel; null if it is malformed.</summary>
    public static ulong? ReadAssignment(in ReadOnlySequence<byte> payload)
    {
        Span<byte> digits = stackalloc byte[16];
        if (payload.Length != digits.Length)
        {
            return null;
        }

        payload.CopyTo(digits);
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong channelId)
            && ResponseChannel.IsAssigned(channelId) ? channelId : null;
    }

    /// <summary>Returns the topic of one channel's responses. It ends with a colon, so that no topic is a prefix of another.</summary>
    public static byte[] ForResponses(ulong channelId)
    {
        var writer = new ArrayBufferWriter<byte>(LongestResponseTopic);
        WriteForResponses(channelId, writer);
        return writer.WrittenSpan.ToArray();
    }

    public static void WriteForResponses(ulong channelId, IBufferWriter<byte> writer)
    {
        Span<byte> span = writer.GetSpan(LongestResponseTopic);
        ResponsePrefix.CopyTo(span);
        _ = channelId.TryFormat(span[ResponsePrefix.Length..], out int digits, "x", CultureInfo.InvariantCulture);
        span[ResponsePrefix.Length + digits] = (byte)':';
        writer.Advance(ResponsePrefix.Length + digits + 1);
    }
}
