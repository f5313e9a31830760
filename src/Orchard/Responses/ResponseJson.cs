using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchard.Responses;

/// <summary>
/// Writes and reads responses, events and items in the JSON of OpenAI's Responses API, to forward them to its clients or to store a
/// conversation. Thread-safe.
/// </summary>
/// <remarks>Properties that OpenAI's JSON does not have, such as <see cref="FunctionCallItem.Error"/>, are left out.</remarks>
public static class ResponseJson
{
    // JSON parsers read the output, not browsers; the depth is that of the deepest schema a format can have.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2048 };

    /// <summary>Returns a response as a JSON object on one line.</summary>
    /// <param name="response">The response.</param>
    public static string Serialize(Response response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return ToText(writer => Write(writer, response));
    }

    /// <summary>
    /// Returns an event as a JSON object on one line: the <c>data</c> of a server-sent event, whose name is <see
    /// cref="ResponseEvent.Type"/>.
    /// </summary>
    /// <param name="responseEvent">The event.</param>
    public static string Serialize(ResponseEvent responseEvent)
    {
        ArgumentNullException.ThrowIfNull(responseEvent);
        return ToText(writer => Write(writer, responseEvent));
    }

    /// <summary>Returns items as a JSON array on one line, which <see cref="ReadInput(string)"/> can read.</summary>
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

    /// <summary>Writes a response as a JSON object.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="response">The response.</param>
    public static void Write(Utf8JsonWriter writer, Response response)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(response);
        ResponseShape.Write(writer, response);
    }

    /// <summary>Writes an event as a JSON object.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="responseEvent">The event.</param>
    public static void Write(Utf8JsonWriter writer, ResponseEvent responseEvent)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(responseEvent);
        ResponseEventShape.Write(writer, responseEvent);
    }

    /// <summary>Writes an item as a JSON object.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="item">The item.</param>
    public static void Write(Utf8JsonWriter writer, ResponseItem item)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(item);
        ResponseItemShape.Write(writer, item);
    }

    /// <summary>Reads the <c>input</c> of a request.</summary>
    /// <param name="json">An array of items, or a string, which is read as a message of the user.</param>
    /// <exception cref="ArgumentException">
    /// The text is not valid JSON, or contains something that this library does not support. The message says what, and where.
    /// </exception>
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
            throw new ArgumentException($"The input is not valid JSON: {e.Message}", nameof(json), e);
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
