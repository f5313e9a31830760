using System.Text.Json;

namespace Orchard.Remote.Wire;

/// <summary>One event of a streamed answer, read into objects that are used again for the next one. Not thread-safe.</summary>
internal sealed class Chunk
{
    private readonly List<ChunkChoice> _choices = [];
    private int _count;

    /// <summary>The parts of candidates.</summary>
    public ReadOnlySpan<ChunkChoice> Choices => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_choices)[.._count];

    /// <summary>The usage; null if the event has none.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>What the event reports as an error; null if it reports none.</summary>
    public JsonElement? Error { get; private set; }

    /// <summary>Reads the data of an event.</summary>
    /// <exception cref="JsonException">The data is not what servers of the API send.</exception>
    public void Read(ReadOnlySpan<byte> data)
    {
        (_count, Usage, Error) = (0, null, null);
        var json = new Utf8JsonReader(data);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("an event is not a JSON object");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("choices"u8))
            {
                json.Read();
                ReadChoices(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                json.Read();
                Usage = UsageJson.Read(ref json) ?? Usage;
            }
            else if (json.ValueTextEquals("error"u8))
            {
                json.Read();
                Error = json.TokenType == JsonTokenType.Null ? null : JsonElement.ParseValue(ref json);
            }
            else if (json.ValueTextEquals("object"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.String && json.ValueTextEquals("error"u8)) // older versions of vLLM
                {
                    var whole = new Utf8JsonReader(data);
                    Error = JsonElement.ParseValue(ref whole);
                }
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private void ReadChoices(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        JsonShape.Expect(json.TokenType == JsonTokenType.StartArray, "choices");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            JsonShape.Expect(json.TokenType == JsonTokenType.StartObject, "choices");
            if (_count == _choices.Count)
            {
                _choices.Add(new ChunkChoice());
            }

            _choices[_count++].Read(ref json);
        }
    }
}
