using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchard.Validation;

namespace Orchard;

/// <summary>
/// The format of an answer. The engine restricts generation to it at any temperature, and rejects a format that it cannot enforce before it
/// generates anything. Immutable; one instance can be shared between calls and threads.
/// </summary>
/// <remarks>
/// An answer cut short by the token limit or a full context is incomplete; its <see cref="ChatResult.FinishReason"/> is
/// <see cref="FinishReason.Length"/>.
/// </remarks>
public sealed record ResponseFormat
{
    private const int MaxSchemaDepth = 1024;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2 * MaxSchemaDepth,
    };

    private ResponseFormat(string type, string? json)
    {
        Type = type;
        Json = json ?? "";
    }

    /// <summary>Any text.</summary>
    public static ResponseFormat Text { get; } = new("text", null);

    /// <summary>Any JSON object.</summary>
    public static ResponseFormat JsonObject { get; } = new("json_object", """{"type":"json_object"}""");

    /// <summary>The type of the format: <c>text</c>, <c>json_object</c>, <c>json_schema</c>, <c>grammar</c> or <c>regex</c>.</summary>
    public string Type { get; }

    /// <summary>The format in the JSON of the wire; empty for any text.</summary>
    internal string Json { get; }

    internal bool IsConstrained => Json.Length > 0;

    /// <summary>Whether only the Orchard engine supports the format.</summary>
    internal bool NeedsOrchardEngine => Type is "grammar" or "regex";

    /// <summary>Returns a format for JSON that matches a JSON Schema (draft 2020-12).</summary>
    /// <param name="schema">The schema: a JSON object or <c>true</c>.</param>
    /// <param name="name">Name of the schema; some chat templates include it in the prompt (default: null).</param>
    /// <param name="strict">
    /// Whether the schema must be enforced (default: true). Applies to PIE-compatible engines; the Orchard engine always enforces it.
    /// </param>
    /// <exception cref="ArgumentException">The schema is not valid JSON, or neither an object nor a boolean.</exception>
    /// <remarks>
    /// The engine rejects a keyword that it cannot enforce with an <see cref="UnsupportedSchemaException"/> that names the keyword and its
    /// location.
    /// </remarks>
    public static ResponseFormat JsonSchema(string schema, string? name = null, bool strict = true)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(schema);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = MaxSchemaDepth });
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The schema is not valid JSON: {e.Message}", nameof(schema), e);
        }

        using (document)
        {
            return JsonSchema(document.RootElement, name, strict);
        }
    }

    /// <summary>Returns a format for JSON that matches a JSON Schema (draft 2020-12).</summary>
    /// <param name="schema">The schema: a JSON object or <c>true</c>. Copied.</param>
    /// <param name="name">Name of the schema; some chat templates include it in the prompt (default: null).</param>
    /// <param name="strict">
    /// Whether the schema must be enforced (default: true). Applies to PIE-compatible engines; the Orchard engine always enforces it.
    /// </param>
    /// <exception cref="ArgumentException">The schema is neither an object nor a boolean.</exception>
    /// <remarks>
    /// The engine rejects a keyword that it cannot enforce with an <see cref="UnsupportedSchemaException"/> that names the keyword and its
    /// location.
    /// </remarks>
    public static ResponseFormat JsonSchema(JsonElement schema, string? name = null, bool strict = true)
    {
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            throw new ArgumentException($"A JSON Schema must be an object or a boolean; this value is {schema.ValueKind}.", nameof(schema));
        }

        return new("json_schema", Write(writer =>
        {
            writer.WriteString("type", "json_schema");
            writer.WritePropertyName("json_schema");
            schema.WriteTo(writer);
            writer.WriteString("name", name ?? "");
            writer.WriteString("description", "");
            writer.WriteBoolean("strict", strict);
        }));
    }

    /// <summary>Returns a format for text that matches a grammar in llama.cpp's GBNF format.</summary>
    /// <param name="gbnf">The rules of the grammar; the start rule is <c>root</c>.</param>
    /// <exception cref="ArgumentException">The grammar is empty or has an unpaired surrogate.</exception>
    /// <remarks>
    /// The engine rejects an invalid grammar with a <see cref="RequestRejectedException"/> that names the line. Requires the Orchard
    /// engine.
    /// </remarks>
    public static ResponseFormat Grammar(string gbnf)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(gbnf);
        RequireWellFormed(gbnf, nameof(gbnf));
        return new("grammar", Write(writer =>
        {
            writer.WriteString("type", "grammar");
            writer.WriteString("grammar", gbnf);
        }));
    }

    /// <summary>Returns a format for text that matches a regular expression as a whole.</summary>
    /// <param name="pattern">
    /// The expression in the dialect of JSON Schema's <c>pattern</c> (ECMAScript with Unicode code points), without lookaround,
    /// backreferences and word boundaries. <c>^</c> at its start and <c>$</c> at its end are redundant.
    /// </param>
    /// <exception cref="ArgumentException">The pattern is not a valid regular expression.</exception>
    /// <remarks>
    /// The engine rejects constructs that it cannot enforce with a <see cref="RequestRejectedException"/> that names them. Requires the
    /// Orchard engine.
    /// </remarks>
    public static ResponseFormat Regex(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        RequireWellFormed(pattern, nameof(pattern));
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"'{pattern}' is not a valid regular expression: {e.Message}", nameof(pattern), e);
        }

        return new("regex", Write(writer =>
        {
            writer.WriteString("type", "regex");
            writer.WriteString("pattern", pattern);
        }));
    }

    /// <summary>Returns the format with this JSON on the wire.</summary>
    internal static ResponseFormat FromWire(string json)
    {
        if (json.Length == 0)
        {
            return Text;
        }

        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2 * MaxSchemaDepth });
        string type = document.RootElement.TryGetProperty("type", out JsonElement value) ? value.GetString() ?? "" : "";
        return type == "text" ? Text : new ResponseFormat(type, json);
    }

    private static void RequireWellFormed(string text, string name)
    {
        if (!Utf16.IsWellFormed(text))
        {
            throw new ArgumentException("The text contains an unpaired surrogate, which cannot be encoded as UTF-8.", name);
        }
    }

    private static string Write(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
