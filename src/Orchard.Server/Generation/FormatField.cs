using System.Text.Json;
using System.Text.RegularExpressions;
using Orchard.Server.Errors;

namespace Orchard.Server.Generation;

/// <summary>
/// Reads response formats: OpenAI's of the chat and Responses APIs, Ollama's <c>format</c>, llama.cpp's and vLLM's fields. Pure.
/// </summary>
internal static partial class FormatField
{
    private const string Allowed = "text, json_object, json_schema, grammar, regex, or a JSON Schema";

    /// <summary>Returns the format.</summary>
    public static ResponseFormat Read(Field field) => field.Value.ValueKind switch
    {
        JsonValueKind.String => OfText(field),
        JsonValueKind.Object => OfObject(field),
        _ => throw field.Invalid(Allowed),
    };

    /// <summary>The answer matches a grammar; an empty one is none.</summary>
    public static ResponseFormat Grammar(Field field) =>
        field.ToText() is { Length: > 0 } grammar ? ResponseFormat.Grammar(grammar) : ResponseFormat.Text;

    /// <summary>The answer is one of several texts.</summary>
    public static ResponseFormat Choices(Field field) => field.ToTexts() is { Count: > 0 } texts
        ? ResponseFormat.Regex(string.Join('|', texts.Select(Escape)))
        : throw field.Invalid("a list of at least one string");

    /// <summary>vLLM's object, which has one of several members.</summary>
    public static ResponseFormat StructuredOutputs(Field field)
    {
        ResponseFormat format = ResponseFormat.Text;
        foreach ((string name, Field member) in field.Members())
        {
            format = member.IsAbsent ? format : name switch
            {
                "json" => Read(member),
                "json_object" => member.ToBool() ? ResponseFormat.JsonObject : format,
                "regex" => ResponseFormat.Regex(member.ToText()),
                "choice" => Choices(member),
                "grammar" => Grammar(member),
                _ => throw ApiException.Unsupported(member.Name, "is not supported by this server"),
            };
        }

        return format;
    }

    private static ResponseFormat OfText(Field field) => field.ToText() switch
    {
        "" or "text" => ResponseFormat.Text,
        "json" or "json_object" => ResponseFormat.JsonObject,
        string text when text.TrimStart().StartsWith('{') => ResponseFormat.JsonSchema(field.ToJsonObject(Allowed), strict: false),
        _ => throw field.Invalid(Allowed),
    };

    private static ResponseFormat OfObject(Field field)
    {
        Field type = field.Member("type");
        return !type.IsText ? OfSchema(field) : type.ToText() switch
        {
            "text" => ResponseFormat.Text,
            "json_object" => field.Member("schema") is { IsObject: true } ? OfSchema(field) : ResponseFormat.JsonObject,
            "json_schema" => OfJsonSchema(field),
            "grammar" or "gbnf" => Grammar(field.Member("grammar") is { IsAbsent: false } grammar ? grammar : field.Member("value")),
            "regex" => ResponseFormat.Regex(
                (field.Member("pattern") is { IsAbsent: false } pattern ? pattern : field.Member("regex")).ToText()),
            "object" or "array" or "string" or "number" or "integer" or "boolean" or "null" => OfSchema(field),
            _ => throw type.Invalid(Allowed),
        };
    }

    // The schema is in a member of its own in the chat API, and beside the type in the Responses API.
    private static ResponseFormat OfJsonSchema(Field field)
    {
        Field named = field.Member("json_schema") is { IsAbsent: false } inner ? inner : field;
        if (!named.IsObject)
        {
            throw named.Invalid("an object with a name and a schema");
        }

        return named.Member("schema") is { IsAbsent: false } || named.Member("name").IsText
            ? OfSchema(named)
            : named.Name == field.Name ? throw field.Member("json_schema").Invalid("an object with a name and a schema") : OfSchema(named);
    }

    private static ResponseFormat OfSchema(Field field)
    {
        Field schema = field.Member("schema");
        if (schema.IsAbsent && field.Member("name").IsText)
        {
            throw schema.Invalid("a JSON Schema");
        }

        Field name = field.Member("name");
        Field strict = field.Member("strict");
        return ResponseFormat.JsonSchema(
            schema.IsAbsent ? field.Value : schema.Value,
            name.IsText && !schema.IsAbsent ? name.ToText() : null,
            strict: !schema.IsAbsent && !strict.IsAbsent && strict.ToBool());
    }

    private static string Escape(string text) => Special().Replace(text, @"\$0");

    [GeneratedRegex(@"[\\^$.|?*+()\[\]{}/-]")]
    private static partial Regex Special();
}
