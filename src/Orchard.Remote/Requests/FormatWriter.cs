using System.Runtime.CompilerServices;
using System.Text.Json;
using Orchard.Schemas;

namespace Orchard.Remote.Requests;

/// <summary>Writes the format of the answer.</summary>
internal static class FormatWriter
{
    // The conversations of a batch share their format.
    private static readonly ConditionalWeakTable<ResponseFormat, string> Compiled = [];

    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 2048 };

    /// <summary>Writes a format as a member of a request.</summary>
    /// <returns>Whether the server supports it.</returns>
    /// <exception cref="FormatException">A regular expression cannot be written as a grammar.</exception>
    public static bool TryWrite(Utf8JsonWriter json, ServerProfile profile, ResponseFormat format)
    {
        if (!format.IsConstrained)
        {
            return true;
        }

        using JsonDocument document = JsonDocument.Parse(format.Json, Depth);
        JsonElement root = document.RootElement;
        switch (format.Type)
        {
            case "json_schema":
                WriteSchema(json, root);
                return true;
            case "json_object":
                WriteObject(json, profile);
                return true;
            case "grammar":
                return TryWriteText(json, profile.Formats, "grammar", root.GetProperty("grammar").GetString()!);
            case "regex" when profile.Formats == FormatFields.Grammar:
                json.WriteString("grammar"u8, Compiled.GetValue(format, ToGrammar));
                return true;
            default:
                return TryWriteText(json, profile.Formats, "regex", root.GetProperty("pattern").GetString()!);
        }
    }

    private static void WriteSchema(Utf8JsonWriter json, JsonElement format)
    {
        string? name = format.GetProperty("name").GetString();
        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, "json_schema"u8);
        json.WriteStartObject("json_schema"u8);
        json.WriteString("name"u8, string.IsNullOrEmpty(name) ? "answer" : ToName(name));
        json.WriteBoolean("strict"u8, format.GetProperty("strict").GetBoolean());
        json.WritePropertyName("schema"u8);
        JsonElement schema = format.GetProperty("json_schema");
        if (schema.ValueKind == JsonValueKind.Object)
        {
            schema.WriteTo(json);
        }
        else
        {
            json.WriteRawValue(schema.ValueKind == JsonValueKind.True ? "{}" : """{"not": {}}"""); // many servers know objects only
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter json, ServerProfile profile)
    {
        json.WritePropertyName("response_format"u8);
        json.WriteRawValue(profile.JsonObjectAsSchema
            ? """{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}"""
            : """{"type":"json_object"}""");
    }

    private static bool TryWriteText(Utf8JsonWriter json, FormatFields fields, string type, string text)
    {
        switch (fields)
        {
            case FormatFields.Vllm:
                json.WriteStartObject("structured_outputs"u8);
                json.WriteString(type, text);
                json.WriteEndObject();
                return true;
            case FormatFields.SgLang:
                json.WriteString(type == "grammar" ? "ebnf" : type, text);
                return true;
            case FormatFields.Grammar when type == "grammar":
                json.WriteString(type, text);
                return true;
            case FormatFields.Orchard:
                json.WriteStartObject("response_format"u8);
                json.WriteString("type"u8, type);
                json.WriteString(type == "grammar" ? "grammar" : "pattern", text);
                json.WriteEndObject();
                return true;
            default:
                return false;
        }
    }

    private static string ToGrammar(ResponseFormat format)
    {
        using JsonDocument document = JsonDocument.Parse(format.Json, Depth);
        return RegularGrammar.ToGbnf(document.RootElement.GetProperty("pattern").GetString()!);
    }

    // OpenAI's rule for names.
    private static string ToName(string name) => string.Concat(
        name.Take(64).Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_'));
}
