using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchard.Validation;

namespace Orchard;

/// <summary>
/// What an answer must look like. The engine lets the model generate nothing else, whatever its temperature; a format it cannot hold the
/// model to is refused before the first token. Immutable; share one instance between calls and threads.
/// </summary>
/// <remarks>
/// An answer that the token limit or a full context cuts off is a beginning of the format only: its <see cref="FinishReason"/> is
/// <see cref="FinishReason.Length"/>.
/// </remarks>
public sealed record ResponseFormat
{
    private ResponseFormat(string type, string? json)
    {
        Type = type;
        Json = json ?? "";
    }

    /// <summary>Any text.</summary>
    public static ResponseFormat Text { get; } = new("text", null);

    /// <summary>Any JSON object.</summary>
    public static ResponseFormat JsonObject { get; } = new("json_object", """{"type":"json_object"}""");

    /// <summary>The kind of format, as the field names it: <c>text</c>, <c>json_object</c>, <c>json_schema</c>, <c>grammar</c> or <c>regex</c>.</summary>
    public string Type { get; }

    /// <summary>What goes over the wire; empty for any text.</summary>
    internal string Json { get; }

    internal bool IsConstrained => Json.Length > 0;

    /// <summary>Whether the family's engines do not know it.</summary>
    internal bool IsOurs => Type is "grammar" or "regex";

    /// <summary>JSON that a JSON Schema (draft 2020-12) describes.</summary>
    /// <param name="schema">The schema: a JSON object, or <c>true</c>.</param>
    /// <param name="name">What the described thing is called; some models are told (default: null).</param>
    /// <param name="strict">Told to engines that can also take a schema as a mere wish; Orchard's own holds the model to it always (default: true).</param>
    /// <exception cref="ArgumentException">The schema is not JSON, or no object or boolean.</exception>
    /// <remarks>
    /// A keyword that the engine cannot enforce is refused with an <see cref="UnsupportedSchemaException"/> that says which and where.
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
            throw new ArgumentException($"The schema is no JSON: {e.Message}", nameof(schema), e);
        }

        using (document)
        {
            return JsonSchema(document.RootElement, name, strict);
        }
    }

    /// <summary>JSON that a JSON Schema (draft 2020-12) describes.</summary>
    /// <param name="schema">The schema: a JSON object, or <c>true</c>. Copied.</param>
    /// <param name="name">What the described thing is called; some models are told (default: null).</param>
    /// <param name="strict">Told to engines that can also take a schema as a mere wish; Orchard's own holds the model to it always (default: true).</param>
    /// <exception cref="ArgumentException">The schema is no object or boolean.</exception>
    /// <remarks>
    /// A keyword that the engine cannot enforce is refused with an <see cref="UnsupportedSchemaException"/> that says which and where.
    /// </remarks>
    public static ResponseFormat JsonSchema(JsonElement schema, string? name = null, bool strict = true)
    {
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            throw new ArgumentException($"A JSON Schema is an object or a boolean; this is of kind {schema.ValueKind}.", nameof(schema));
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

    /// <summary>A text that a grammar in llama.cpp's format (GBNF) describes, from its rule <c>root</c> on.</summary>
    /// <param name="gbnf">The rules.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <remarks>A mistake in it is refused with a <see cref="RequestRejectedException"/> that says in which line. Needs Orchard's own engine.</remarks>
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

    /// <summary>A text that a regular expression matches as a whole.</summary>
    /// <param name="pattern">
    /// The expression, as JSON Schema's <c>pattern</c> has them (ECMAScript, by code points), without look-around, back-references and
    /// word boundaries. <c>^</c> and <c>$</c> at its ends mean nothing more, since it is held against the whole answer.
    /// </param>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <remarks>
    /// What the engine cannot enforce is refused with a <see cref="RequestRejectedException"/> that names it. Needs Orchard's own engine.
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
            throw new ArgumentException($"'{pattern}' is no regular expression: {e.Message}", nameof(pattern), e);
        }

        return new("regex", Write(writer =>
        {
            writer.WriteString("type", "regex");
            writer.WriteString("pattern", pattern);
        }));
    }

    /// <summary>The format that goes over the wire as this text.</summary>
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

    private const int MaxSchemaDepth = 1024;

    private static void RequireWellFormed(string text, string name)
    {
        if (!Utf16.IsWellFormed(text))
        {
            throw new ArgumentException("The text has an unpaired surrogate, which has no UTF-8 form and cannot be sent.", name);
        }
    }

    private static string Write(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * MaxSchemaDepth }))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
