using System.Buffers;
using System.Globalization;

namespace Orchard.Protocol.Messages;

/// <summary>The first bytes of a published message: whom it is for.</summary>
internal static class Topic
{
    private const int LongestResponseTopic = 5 + 16 + 1;

    /// <summary>What every broadcast starts with.</summary>
    public static ReadOnlySpan<byte> Event => "__PIE_EVENT__:"u8;

    private static ReadOnlySpan<byte> ResponsePrefix => "resp:"u8;

    /// <summary>The topic of one channel's responses. The closing colon belongs to it: without it one id could be the start of another.</summary>
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
