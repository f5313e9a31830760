using System.Text.Json;

namespace Orchard.Remote.Wire;

/// <summary>A part of a tool call.</summary>
/// <param name="Index">The server's index of the call; null if it gives none.</param>
/// <param name="Id">The server's id of the call; null if the part has none.</param>
/// <param name="Name">Name of the tool; null if the part has none.</param>
/// <param name="Arguments">Text to append to the arguments; null for none.</param>
internal readonly record struct ChunkCall(int? Index, string? Id, string? Name, string? Arguments)
{
    /// <summary>Reads the object that the reader is at.</summary>
    public static ChunkCall Read(ref Utf8JsonReader json)
    {
        ChunkCall call = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("index"u8))
            {
                json.Read();
                call = call with { Index = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int index) ? index : null };
            }
            else if (json.ValueTextEquals("id"u8))
            {
                json.Read();
                call = call with { Id = JsonText.Read(ref json) };
            }
            else if (json.ValueTextEquals("function"u8))
            {
                json.Read();
                call = ReadFunction(ref json, call);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return call;
    }

    private static ChunkCall ReadFunction(ref Utf8JsonReader json, ChunkCall call)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return call;
        }

        JsonShape.Expect(json.TokenType == JsonTokenType.StartObject, "function");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8))
            {
                json.Read();
                call = call with { Name = JsonText.Read(ref json) };
            }
            else if (json.ValueTextEquals("arguments"u8))
            {
                json.Read();
                call = call with
                {
                    Arguments = json.TokenType == JsonTokenType.StartObject
                        ? JsonElement.ParseValue(ref json).GetRawText()
                        : JsonText.Read(ref json),
                };
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return call;
    }
}
