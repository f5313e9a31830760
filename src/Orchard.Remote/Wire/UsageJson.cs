using System.Text.Json;

namespace Orchard.Remote.Wire;

/// <summary>Reads token counts. Numbers that cannot be true are corrected, because the other side is not trusted.</summary>
internal static class UsageJson
{
    /// <summary>Returns the counts of the object that the reader is at; null for null.</summary>
    public static Usage? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        (int prompt, int completion, int cached, int reasoning) = (0, 0, 0, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("prompt_tokens"u8))
            {
                prompt = Count(ref json);
            }
            else if (json.ValueTextEquals("completion_tokens"u8))
            {
                completion = Count(ref json);
            }
            else if (json.ValueTextEquals("prompt_tokens_details"u8))
            {
                cached = Detail(ref json, "cached_tokens"u8);
            }
            else if (json.ValueTextEquals("completion_tokens_details"u8))
            {
                reasoning = Detail(ref json, "reasoning_tokens"u8);
            }
            else if (json.ValueTextEquals("reasoning_tokens"u8)) // SGLang
            {
                reasoning = Count(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new Usage
        {
            PromptTokens = prompt,
            CachedTokens = Math.Min(cached, prompt),
            CompletionTokens = completion,
            ReasoningTokens = Math.Min(reasoning, completion),
        };
    }

    private static int Detail(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return 0;
        }

        int count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals(name))
            {
                count = Count(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return count;
    }

    private static int Count(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number)
        {
            return json.TryGetInt32(out int count) ? Math.Max(count, 0) : 0;
        }

        json.Skip();
        return 0;
    }
}
