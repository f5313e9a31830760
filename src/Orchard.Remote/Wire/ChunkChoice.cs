using System.Text.Json;

namespace Orchard.Remote.Wire;

/// <summary>A part of a candidate. Used again for the next event. Not thread-safe.</summary>
internal sealed class ChunkChoice
{
    private string? _otherReasoning;

    /// <summary>Index of the candidate, as the server says.</summary>
    public int Index { get; private set; }

    /// <summary>Text of the answer; null for none.</summary>
    public string? Content { get; private set; }

    /// <summary>Text of the reasoning; null for none.</summary>
    public string? Reasoning { get; private set; }

    /// <summary>The reason for the end; null if the event is not the last.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>Parts of tool calls.</summary>
    public List<ChunkCall> Calls { get; } = [];

    /// <summary>Log probabilities.</summary>
    public List<TokenLogprob> Logprobs { get; } = [];

    /// <summary>Reads the object that the reader is at.</summary>
    public void Read(ref Utf8JsonReader json)
    {
        (Index, Content, Reasoning, _otherReasoning, FinishReason) = (0, null, null, null, null);
        Calls.Clear();
        Logprobs.Clear();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8))
            {
                json.Read();
                ReadDelta(ref json);
            }
            else if (json.ValueTextEquals("index"u8))
            {
                json.Read();
                JsonShape.Expect(json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int index) && Set(index), "index");
            }
            else if (json.ValueTextEquals("finish_reason"u8))
            {
                json.Read();
                FinishReason = JsonText.Read(ref json);
            }
            else if (json.ValueTextEquals("logprobs"u8))
            {
                json.Read();
                LogprobJson.Read(ref json, Logprobs);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        Reasoning ??= _otherReasoning;
    }

    private bool Set(int index)
    {
        Index = index;
        return true;
    }

    private void ReadDelta(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        JsonShape.Expect(json.TokenType == JsonTokenType.StartObject, "delta");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("content"u8))
            {
                json.Read();
                Content = ReadContent(ref json);
            }
            else if (json.ValueTextEquals("reasoning"u8))
            {
                json.Read();
                Reasoning = ReadReasoning(ref json);
            }
            else if (json.ValueTextEquals("reasoning_content"u8))
            {
                json.Read();
                _otherReasoning = ReadReasoning(ref json);
            }
            else if (json.ValueTextEquals("refusal"u8))
            {
                json.Read();
                Content ??= ReadContent(ref json);
            }
            else if (json.ValueTextEquals("tool_calls"u8))
            {
                json.Read();
                ReadCalls(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static string? ReadContent(ref Utf8JsonReader json) => JsonText.Read(ref json);

    private static string? ReadReasoning(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Null)
        {
            return JsonText.Read(ref json);
        }

        json.Skip(); // a description of reasoning that is not its text
        return null;
    }

    private void ReadCalls(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        JsonShape.Expect(json.TokenType == JsonTokenType.StartArray, "tool_calls");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            JsonShape.Expect(json.TokenType == JsonTokenType.StartObject, "tool_calls");
            Calls.Add(ChunkCall.Read(ref json));
        }
    }
}
