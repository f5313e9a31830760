using System.Text;
using System.Text.Json;

namespace Orchard.Remote.Wire;

/// <summary>Reads log probabilities.</summary>
internal static class LogprobJson
{
    private const int UnknownId = -1;
    private const int MaxTop = 128;

    /// <summary>Adds the tokens of the <c>logprobs</c> that the reader is at.</summary>
    public static void Read(ref Utf8JsonReader json, List<TokenLogprob> tokens)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isContent = json.ValueTextEquals("content"u8);
            json.Read();
            if (isContent && json.TokenType == JsonTokenType.StartArray)
            {
                ReadTokens(ref json, tokens, canHaveTop: true);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static void ReadTokens(ref Utf8JsonReader json, List<TokenLogprob> tokens, bool canHaveTop)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            JsonShape.Expect(json.TokenType == JsonTokenType.StartObject, "logprobs");
            JsonShape.Expect(canHaveTop || tokens.Count < MaxTop, "top_logprobs");
            tokens.Add(ReadToken(ref json, canHaveTop));
        }
    }

    private static TokenLogprob ReadToken(ref Utf8JsonReader json, bool canHaveTop)
    {
        (int id, string text, byte[]? bytes, double logprob) = (UnknownId, "", null, 0);
        List<TokenLogprob> top = [];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("token"u8))
            {
                json.Read();
                text = JsonText.Read(ref json) ?? "";
            }
            else if (json.ValueTextEquals("logprob"u8))
            {
                json.Read();
                logprob = json.TokenType == JsonTokenType.Number && json.TryGetDouble(out double value) ? Math.Min(value, 0) : 0;
            }
            else if (json.ValueTextEquals("id"u8)) // llama-server
            {
                json.Read();
                id = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int value) && value >= 0 ? value : UnknownId;
            }
            else if (json.ValueTextEquals("bytes"u8))
            {
                json.Read();
                bytes = ReadBytes(ref json);
            }
            else if (canHaveTop && json.ValueTextEquals("top_logprobs"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.StartArray)
                {
                    ReadTokens(ref json, top, canHaveTop: false);
                }
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new TokenLogprob
        {
            Id = id,
            Text = bytes is null ? text : Encoding.UTF8.GetString(bytes),
            Bytes = bytes ?? Encoding.UTF8.GetBytes(text),
            Logprob = logprob,
            TopLogprobs = top,
        };
    }

    private static byte[]? ReadBytes(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return null;
        }

        var bytes = new List<byte>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            byte one = 0;
            JsonShape.Expect(json.TokenType == JsonTokenType.Number && json.TryGetByte(out one), "bytes");
            bytes.Add(one);
        }

        return [.. bytes];
    }
}
