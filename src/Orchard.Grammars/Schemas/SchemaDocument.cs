using System.Globalization;
using System.Text.Json;

namespace Orchard.Grammars.Schemas;

/// <summary>A schema document. Its subschemas are identified by JSON pointers.</summary>
internal sealed class SchemaDocument(JsonElement root)
{
    private readonly SchemaResources _resources = new(root);

    /// <summary>The whole document.</summary>
    public JsonElement Root { get; } = root;

    /// <summary>The element that a pointer refers to.</summary>
    /// <exception cref="SchemaException">There is no such element.</exception>
    public JsonElement this[string pointer] =>
        Find(pointer) ?? throw new SchemaException(pointer, null, "the path does not exist in the schema.") { IsMeaningless = true };

    /// <summary>Returns the pointer that a <c>$ref</c> refers to.</summary>
    /// <param name="at">The pointer to the schema with the reference.</param>
    /// <param name="keyword">The keyword with the reference.</param>
    /// <param name="reference">The value of the keyword.</param>
    /// <exception cref="SchemaException">The reference is not to an element of this document.</exception>
    public string Resolve(string at, string keyword, JsonElement reference)
    {
        string text = reference.ValueKind == JsonValueKind.String
            ? reference.GetString()!
            : throw new SchemaException(at, keyword, "the value must be a string.") { IsMeaningless = true };
        if (keyword == "$dynamicRef" && _resources.IsDynamic(text))
        {
            throw new SchemaException(at, keyword, $"several schemas have the dynamic anchor of '{text}'; use '$ref'.")
            {
                IsMeaningless = true,
            };
        }

        string? pointer = _resources.Find(at, text);
        if (pointer is not null && Find(pointer) is not null)
        {
            return Normalize(pointer);
        }

        // Some libraries move a schema into another one and leave its references as they were.
        if (text is ['#', '/', ..])
        {
            for (int end = at.IndexOf('/', Math.Min(1, at.Length)); end > 0; end = at.IndexOf('/', end + 1))
            {
                string moved = at[..end] + text[1..];
                if (moved != at && Find(moved) is not null)
                {
                    return Normalize(moved);
                }
            }
        }

        string problem = pointer is not null || text is ['#', ..]
            ? $"'{text}' does not exist in the schema."
            : $"'{text}' refers to another document; only references within this one are supported, such as '#/$defs/name'.";
        throw new SchemaException(at, keyword, problem) { IsMeaningless = true };
    }

    private static string Normalize(string pointer) =>
        string.Concat(pointer.Split('/').Skip(1).Select(part => SchemaPointers.Child("", Unescape(part))));

    private static string Unescape(string part) =>
        part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private JsonElement? Find(string pointer)
    {
        JsonElement element = Root;
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
        }

        return element;
    }
}
