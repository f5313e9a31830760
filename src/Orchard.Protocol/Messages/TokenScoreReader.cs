using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>Decodes <c>orchard.logprobs</c> of a delta.</summary>
internal static class TokenScoreReader
{
    public static TokenScore[] ReadAll(ref Utf8JsonReader reader) => ReadAll(ref reader, mayHaveTop: true);

    private static TokenScore[] ReadAll(ref Utf8JsonReader reader, bool mayHaveTop)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"{reader.TokenType} where an array is expected");
        }

        var scores = new List<TokenScore>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            scores.Add(Read(ref reader, mayHaveTop));
        }

        return [.. scores];
    }

    private static TokenScore Read(ref Utf8JsonReader reader, bool mayHaveTop)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{reader.TokenType} where a token's log probability is expected");
        }

        int? token = null;
        double? logprob = null;
        byte[] bytes = [];
        TokenScore[] top = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isToken = reader.ValueTextEquals("token"u8);
            bool isLogprob = reader.ValueTextEquals("logprob"u8);
            bool isBytes = reader.ValueTextEquals("bytes"u8);
            bool isTop = mayHaveTop && reader.ValueTextEquals("top"u8);
            reader.Read();
            if (isToken)
            {
                token = WireNumber.ReadInt32(ref reader);
            }
            else if (isLogprob)
            {
                logprob = WireNumber.ReadDouble(ref reader);
            }
            else if (isBytes)
            {
                bytes = JsonValue.ReadBytes(ref reader);
            }
            else if (isTop)
            {
                top = ReadAll(ref reader, mayHaveTop: false);
            }
            else
            {
                reader.Skip();
            }
        }

        return new TokenScore(
            token ?? throw new JsonException("a log probability without its token"),
            logprob ?? throw new JsonException("a token without its log probability"),
            bytes,
            top);
    }
}
