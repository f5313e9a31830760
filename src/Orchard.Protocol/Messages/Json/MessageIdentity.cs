using System.Buffers;
using System.Text.Json;

namespace Orchard.Protocol.Messages.Json;

/// <summary>The ids at the top level of a malformed message, as far as it can be read, so that its sender can be notified.</summary>
/// <param name="RequestId">Null if it could not be read.</param>
/// <param name="ResponseChannelId">Null if it could not be read.</param>
internal readonly record struct MessageIdentity(ulong? RequestId, ulong? ResponseChannelId)
{
    public static MessageIdentity Find(in ReadOnlySequence<byte> json)
    {
        var identity = default(MessageIdentity);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return identity;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isRequest = reader.ValueTextEquals("request_id"u8);
                bool isChannel = reader.ValueTextEquals("response_channel_id"u8);
                reader.Read();
                if (isRequest)
                {
                    identity = identity with { RequestId = WireNumber.ReadUInt64(ref reader) };
                }
                else if (isChannel)
                {
                    identity = identity with { ResponseChannelId = WireNumber.ReadUInt64(ref reader) };
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (BadJson.Is(e))
        {
            // The message is already known to be malformed. Whatever was found before the defect is the result.
        }

        return identity;
    }
}
