using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>Decodes <c>top_logprobs</c>. An entry without a token or without a number says nothing, and is left out.</summary>
internal static class TokenLogprobReader
{
    public static TokenLogprob[] ReadAll(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"{reader.TokenType} where an array is expected");
        }

        var logprobs = new List<TokenLogprob>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Read(ref reader) is { } logprob)
            {
                logprobs.Add(logprob);
            }
        }

        return [.. logprobs];
    }

    private static TokenLogprob? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where a token's probability is expected");
        }

        string? token = null;
        double? logprob = null;
        double? probability = null;
        byte[]? bytes = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isToken = reader.ValueTextEquals("token"u8);
            bool isLogprob = reader.ValueTextEquals("logprob"u8);
            bool isProbability = reader.ValueTextEquals("probability"u8);
            bool isBytes = reader.ValueTextEquals("bytes"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            if (isToken)
            {
                token = JsonValue.ReadString(ref reader);
            }
            else if (isLogprob)
            {
                logprob = WireNumber.ReadDouble(ref reader);
            }
            else if (isProbability)
            {
                probability = WireNumber.ReadDouble(ref reader);
            }
            else if (isBytes)
            {
                bytes = JsonValue.ReadBytes(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return token is not null && (logprob ?? probability) is { } value ? new TokenLogprob(token, value, bytes) : null;
    }
}
