using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orchard.Schemas;
using Orchard.Validation;

namespace Orchard;

/// <summary>
/// The format of an answer. The engine restricts generation to it at any temperature. It rejects a format that it cannot enforce before it
/// generates anything, unless the format is a schema that need not be enforced in full. Immutable; one instance can be shared between calls
/// and threads.
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

    // Not in the instance, so that formats are equal if their JSON is.
    private static readonly ConditionalWeakTable<string, IReadOnlyList<SchemaDiagnostic>> Known = [];

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

    /// <summary>
    /// What of the JSON Schema the engine does not restrict generation to; empty for other formats, and if it enforces all of it. Computed
    /// when it is first read, which takes as long as the engine needs to prepare the format.
    /// </summary>
    public IReadOnlyList<SchemaDiagnostic> Diagnostics => Type == "json_schema" ? Known.GetValue(Json, Diagnose) : [];

    /// <summary>The format in the JSON of the wire; empty for any text.</summary>
    internal string Json { get; }

    internal bool IsConstrained => Json.Length > 0;

    /// <summary>Whether only the Orchard engine supports the format.</summary>
    internal bool NeedsOrchardEngine => Type is "grammar" or "regex";

    /// <summary>Returns a format for JSON that matches a JSON Schema (draft 2020-12).</summary>
    /// <param name="schema">The schema: a JSON object or <c>true</c>.</param>
    /// <param name="name">Name of the schema; some chat templates include it in the prompt (default: null).</param>
    /// <param name="strict">
    /// Whether the schema is refused if the engine cannot restrict generation to all of it (default: true). If false, the engine restricts
    /// generation as far as it can, and the complete answer is validated; <see cref="Diagnostics"/> lists what that concerns.
    /// </param>
    /// <exception cref="ArgumentException">The schema is not valid JSON, or neither an object nor a boolean.</exception>
    /// <remarks>
    /// If <paramref name="strict"/>, the engine rejects a keyword that it cannot enforce with an <see cref="UnsupportedSchemaException"/>
    /// that names the keyword and its location. Otherwise an answer that violates the schema is a <see cref="StructuredOutputException"/>.
    /// Annotations and unknown keywords are ignored.
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
    /// Whether the schema is refused if the engine cannot restrict generation to all of it (default: true). If false, the engine restricts
    /// generation as far as it can, and the complete answer is validated; <see cref="Diagnostics"/> lists what that concerns.
    /// </param>
    /// <exception cref="ArgumentException">The schema is neither an object nor a boolean.</exception>
    /// <remarks>
    /// If <paramref name="strict"/>, the engine rejects a keyword that it cannot enforce with an <see cref="UnsupportedSchemaException"/>
    /// that names the keyword and its location. Otherwise an answer that violates the schema is a <see cref="StructuredOutputException"/>.
    /// Annotations and unknown keywords are ignored.
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

        using JsonDocument document = ParseWire(json);
        string type = document.RootElement.TryGetProperty("type", out JsonElement value) ? value.GetString() ?? "" : "";
        return type == "text" ? Text : new ResponseFormat(type, json);
    }

    /// <summary>Returns the schema that complete answers must be validated against; null if there is none, or it is enforced.</summary>
    /// <param name="isEnforced">Whether strict schemas are enforced.</param>
    internal JsonElement? FindUnenforcedSchema(bool isEnforced)
    {
        if (Type != "json_schema")
        {
            return null;
        }

        using JsonDocument document = ParseWire(Json);
        bool isStrict = !document.RootElement.TryGetProperty("strict", out JsonElement strict) || strict.ValueKind != JsonValueKind.False;
        return !isEnforced || !isStrict
            ? document.RootElement.GetProperty("json_schema").Clone()
            : null;
    }

    private static IReadOnlyList<SchemaDiagnostic> Diagnose(string json)
    {
        using JsonDocument document = ParseWire(json);
        return document.RootElement.TryGetProperty("json_schema", out JsonElement schema)
            ? SchemaCheck.Diagnose(schema, isArguments: false)
            : [];
    }

    private static JsonDocument ParseWire(string json) =>
        JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2 * MaxSchemaDepth });

    // Without the diagnostics, which take time.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(nameof(Type)).Append(" = ").Append(Type);
        return true;
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
