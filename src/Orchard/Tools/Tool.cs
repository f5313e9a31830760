using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Orchard.Validation;

namespace Orchard;

/// <summary>A function that the model may ask the application to call. Immutable.</summary>
public sealed class Tool
{
    /// <summary>The longest name of a tool, in characters.</summary>
    public const int NameLimit = 64;

    private static readonly JsonElement NoParameters = ParseObject("""{"type": "object", "properties": {}}""");

    /// <summary>A tool with its arguments described by a JSON schema.</summary>
    /// <param name="name">What the model calls it by: 1 to 64 letters, digits, <c>_</c>, <c>-</c> or <c>.</c> of ASCII.</param>
    /// <param name="description">What it does and when to use it, for the model to read; any text.</param>
    /// <param name="parameters">JSON schema of its arguments, an object; null when it takes none.</param>
    /// <exception cref="ArgumentException">The name is not allowed, the description cannot be sent, or the schema is none of an object.</exception>
    public Tool(string name, string? description = null, JsonElement? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > NameLimit || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.'))
        {
            throw new ArgumentException($"The tool's name is '{name}'; allowed are 1 to {NameLimit} letters, digits, '_', '-' and '.' of ASCII.", nameof(name));
        }

        if (description is not null && !Utf16.IsWellFormed(description))
        {
            throw new ArgumentException($"The description of the tool '{name}' has an unpaired surrogate, which has no UTF-8 form and cannot be sent.", nameof(description));
        }

        Name = name;
        Description = description ?? "";
        Parameters = parameters is { } schema ? CheckSchema(name, schema) : NoParameters;
    }

    /// <summary>What the model calls it by.</summary>
    public string Name { get; }

    /// <summary>What it does, for the model to read; empty when nothing is said.</summary>
    public string Description { get; }

    /// <summary>JSON schema of its arguments.</summary>
    public JsonElement Parameters { get; }

    /// <summary>
    /// Whether the model can write nothing but arguments that hold to <see cref="Parameters"/>. On by default; a schema with a keyword that
    /// cannot be enforced is then refused with <see cref="UnsupportedSchemaException"/>. When off, the arguments are any JSON object, and
    /// one that does not fit the schema's types, names and enumerations is told by <see cref="ToolCall.Error"/>.
    /// </summary>
    public bool IsStrict { get; init; } = true;

    /// <summary>A tool with the schema of its arguments as text.</summary>
    /// <param name="name">What the model calls it by.</param>
    /// <param name="description">What it does and when to use it, for the model to read; null for none.</param>
    /// <param name="parameters">JSON schema of its arguments, an object.</param>
    /// <exception cref="ArgumentException">As for the constructor, or the schema is no JSON.</exception>
    public static Tool FromJson(string name, string? description, [StringSyntax(StringSyntaxAttribute.Json)] string parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        try
        {
            return new Tool(name, description, ParseObject(parameters));
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The schema of the tool '{name}' is no JSON: {e.Message}", nameof(parameters), e);
        }
    }

    /// <summary>The tool's name.</summary>
    public override string ToString() => Name;

    private static JsonElement CheckSchema(string name, JsonElement schema)
    {
        string? problem = schema.ValueKind != JsonValueKind.Object ? $"it is {schema.ValueKind}"
            : schema.TryGetProperty("type", out JsonElement type) && !IsObjectType(type) ? $"'type' is {type.GetRawText()}"
            : schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind != JsonValueKind.Object
                ? $"'properties' is {properties.ValueKind}"
            : schema.TryGetProperty("required", out JsonElement required) && !IsListOfNames(required) ? "'required' is no list of names"
            : null;
        return problem is null
            ? schema.Clone()
            : throw new ArgumentException($"The schema of the tool '{name}' must be that of an object, but {problem}.", nameof(schema));
    }

    private static bool IsObjectType(JsonElement type) => type.ValueKind == JsonValueKind.String && type.ValueEquals("object");

    private static bool IsListOfNames(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String);

    private static JsonElement ParseObject(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
