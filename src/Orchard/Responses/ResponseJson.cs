using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchard.Responses;

/// <summary>
/// Responses, their events and their items as the JSON of OpenAI's Responses: to forward them to a client of that interface, or to keep a
/// conversation. Thread-safe.
/// </summary>
/// <remarks>What only this library has, such as <see cref="FunctionCallItem.Error"/>, has no place in it and is left out.</remarks>
public static class ResponseJson
{
    // What it writes is read by JSON parsers; the depth is that of the deepest schema a format can have.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2048 };

    /// <summary>The response as a JSON object on one line.</summary>
    /// <param name="response">The response.</param>
    public static string Serialize(Response response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return ToText(writer => Write(writer, response));
    }

    /// <summary>
    /// The event as a JSON object on one line: what stands behind <c>data:</c> in a stream of server-sent events, where
    /// <see cref="ResponseEvent.Type"/> is its name.
    /// </summary>
    /// <param name="responseEvent">The event.</param>
    public static string Serialize(ResponseEvent responseEvent)
    {
        ArgumentNullException.ThrowIfNull(responseEvent);
        return ToText(writer => Write(writer, responseEvent));
    }

    /// <summary>The items as a JSON list on one line, which <see cref="ReadInput(string)"/> reads back.</summary>
    /// <param name="items">The items.</param>
    public static string Serialize(IReadOnlyList<ResponseItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return ToText(writer =>
        {
            writer.WriteStartArray();
            foreach (ResponseItem item in items)
            {
                Write(writer, item);
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>Writes the response as a JSON object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="response">The response.</param>
    public static void Write(Utf8JsonWriter writer, Response response)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(response);
        ResponseShape.Write(writer, response);
    }

    /// <summary>Writes the event as a JSON object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="responseEvent">The event.</param>
    public static void Write(Utf8JsonWriter writer, ResponseEvent responseEvent)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(responseEvent);
        ResponseEventShape.Write(writer, responseEvent);
    }

    /// <summary>Writes the item as a JSON object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="item">The item.</param>
    public static void Write(Utf8JsonWriter writer, ResponseItem item)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(item);
        ResponseItemShape.Write(writer, item);
    }

    /// <summary>Reads what a request has as its <c>input</c>.</summary>
    /// <param name="json">A list of items, or a string, which is a message of the user.</param>
    /// <exception cref="ArgumentException">It is no JSON, or has something that this library does not take. The message says what, and where.</exception>
    public static IReadOnlyList<ResponseItem> ReadInput([StringSyntax(StringSyntaxAttribute.Json)] string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return ReadInput(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The input is no JSON: {e.Message}", nameof(json), e);
        }
    }

    /// <inheritdoc cref="ReadInput(string)"/>
    public static IReadOnlyList<ResponseItem> ReadInput(JsonElement json) => ResponseItemReader.Read(json);

    private static string ToText(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
