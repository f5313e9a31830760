using System.Buffers;
using System.Globalization;

namespace Orchard.Protocol.Messages;

/// <summary>Topics: the first bytes of a published message, which determine its recipients.</summary>
internal static class Topic
{
    private const int LongestResponseTopic = 5 + 16 + 1;

    /// <summary>The topic of every broadcast.</summary>
    public static ReadOnlySpan<byte> Event => "__PIE_EVENT__:"u8;

    private static ReadOnlySpan<byte> ResponsePrefix => "resp:"u8;

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
