using System.Globalization;
using System.Text.Json;

namespace Orchard.Grammars.Schemas;

/// <summary>A schema document. Its subschemas are identified by JSON pointers.</summary>
internal sealed class SchemaDocument
{
    private readonly JsonElement _root;
    private readonly string? _id;

    /// <exception cref="SchemaException">The document declares an unknown dialect.</exception>
    public SchemaDocument(JsonElement root)
    {
        _root = root;
        if (root.ValueKind == JsonValueKind.Object)
        {
            _id = root.TryGetProperty("$id", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
            if (root.TryGetProperty("$schema", out JsonElement dialect) && !IsKnownDialect(dialect))
            {
                throw new SchemaException(
                    "",
                    "$schema",
                    $"the dialect {dialect.GetRawText()} is not supported; use https://json-schema.org/draft/2020-12/schema or omit it.");
            }
        }
    }

    /// <summary>The element that a pointer refers to.</summary>
    /// <exception cref="SchemaException">There is no such element.</exception>
    public JsonElement this[string pointer] =>
        Find(pointer) ?? throw new SchemaException(pointer, null, "the path does not exist in the schema.");

    /// <summary>Returns the pointer to a member of an object.</summary>
    public static string Child(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>Returns the pointer to an item of a keyword's list.</summary>
    public static string Child(string pointer, string keyword, int index) =>
        $"{pointer}/{keyword}/{index.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Returns the pointer that a <c>$ref</c> refers to.</summary>
    /// <param name="at">The pointer to the schema with the reference.</param>
    /// <param name="reference">The value of the keyword.</param>
    /// <exception cref="SchemaException">The reference is not a pointer to an element of this document.</exception>
    public string Resolve(string at, JsonElement reference)
    {
        string text = reference.ValueKind == JsonValueKind.String
            ? reference.GetString()!
            : throw new SchemaException(at, "$ref", "the value must be a string.");
        string fragment = text;
        if (_id is { Length: > 0 } && (text == _id || text.StartsWith(_id + "#", StringComparison.Ordinal)))
        {
            fragment = text.Length == _id.Length ? "#" : text[_id.Length..];
        }

        if (fragment is not ['#', ..])
        {
            throw new SchemaException(
                at, "$ref", $"'{text}' refers to another document; only references within this one are supported, such as '#/$defs/name'.");
        }

        string pointer;
        try
        {
            pointer = Uri.UnescapeDataString(fragment[1..]);
        }
        catch (UriFormatException)
        {
            pointer = fragment[1..];
        }

        if (pointer is not ("" or ['/', ..]))
        {
            throw new SchemaException(at, "$ref", $"'{text}' is an anchor; only JSON pointers are supported, such as '#/$defs/name'.");
        }

        return Find(pointer) is not null
            ? Normalize(pointer)
            : throw new SchemaException(at, "$ref", $"'{text}' does not exist in the schema.");
    }

    private static string Normalize(string pointer) =>
        string.Concat(pointer.Split('/').Skip(1).Select(part => Child("", Unescape(part))));

    private static string Unescape(string part) =>
        part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static bool IsKnownDialect(JsonElement dialect) =>
        dialect.ValueKind == JsonValueKind.String
        && dialect.GetString()!.TrimEnd('#') is
            "https://json-schema.org/draft/2020-12/schema"
            or "https://json-schema.org/draft/2019-09/schema"
            or "http://json-schema.org/draft-07/schema"
            or "https://json-schema.org/draft-07/schema"
            or "http://json-schema.org/draft-06/schema";

    private JsonElement? Find(string pointer)
    {
        JsonElement element = _root;
        foreach (string part in pointer.Split('/').Skip(1))
        {
            string name = Unescape(part);
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member))
            {
                element = member;
            }
            else if (element.ValueKind == JsonValueKind.Array
                && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < element.GetArrayLength())
            {
                element = element[index];
            }
            else
            {
                return null;
            }

            if (element.ValueKind == JsonValueKind.Object
                && element.TryGetProperty("$id", out JsonElement id)
                && id.ValueKind == JsonValueKind.String)
            {
                throw new SchemaException(pointer, "$id", "only the root schema may have an $id.");
            }
        }

        return element;
    }
}
