using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchard.Schemas;
using Orchard.Validation;

namespace Orchard;

/// <summary>A function of the application that the model can call. Immutable.</summary>
public sealed class Tool
{
    /// <summary>Maximum length of a tool name, in characters.</summary>
    internal const int NameLimit = 64;

    private readonly Lazy<IReadOnlyList<SchemaDiagnostic>> _diagnostics;

    private static readonly JsonElement NoParameters = ParseObject("""{"type": "object", "properties": {}}""");

    /// <summary>Creates a tool.</summary>
    /// <param name="name">Name of the tool: 1 to 64 ASCII letters, digits, <c>_</c>, <c>-</c> or <c>.</c>.</param>
    /// <param name="description">What the tool does and when to use it, written for the model (default: null, no description).</param>
    /// <param name="parameters">JSON Schema of the arguments, which must describe an object (default: null, no arguments). Copied.</param>
    /// <exception cref="ArgumentException">
    /// The name is not allowed, the description has an unpaired surrogate, or the schema does not describe an object.
    /// </exception>
    public Tool(string name, string? description = null, JsonElement? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > NameLimit || !name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.'))
        {
            throw new ArgumentException(
                $"The tool name is '{name}'; allowed are 1 to {NameLimit} ASCII letters, digits, '_', '-' and '.'.", nameof(name));
        }

        if (description is not null && !Utf16.IsWellFormed(description))
        {
            throw new ArgumentException(
                $"The description of the tool '{name}' contains an unpaired surrogate, which cannot be encoded as UTF-8.",
                nameof(description));
        }

        Name = name;
        Description = description ?? "";
        Parameters = parameters is { } schema ? CheckSchema(name, schema, nameof(parameters)) : NoParameters;
        _diagnostics = new Lazy<IReadOnlyList<SchemaDiagnostic>>(() => SchemaCheck.Diagnose(Parameters, isArguments: true));
    }

    /// <summary>Name of the tool.</summary>
    public string Name { get; }

    /// <summary>What the tool does, written for the model; may be empty.</summary>
    public string Description { get; }

    /// <summary>JSON Schema of the arguments.</summary>
    public JsonElement Parameters { get; }

    /// <summary>
    /// Whether a schema is refused with <see cref="UnsupportedSchemaException"/> if the engine cannot restrict generated arguments to all
    /// of it (default: false). If false, the engine restricts them as far as it can, at worst to any JSON object; complete calls are
    /// validated, and <see cref="ToolCall.Error"/> reports what is wrong. <see cref="Diagnostics"/> lists what that concerns.
    /// </summary>
    public bool IsStrict { get; init; }

    /// <summary>
    /// What of <see cref="Parameters"/> the engine does not restrict generated arguments to; empty if it enforces all of it. Computed when
    /// it is first read, which takes as long as the engine needs to prepare the tool.
    /// </summary>
    /// <remarks>
    /// Models that write each argument separately instead of JSON may be restricted less: alternatives of the whole arguments, and keywords
    /// that count or name properties, are validated after generation.
    /// </remarks>
    public IReadOnlyList<SchemaDiagnostic> Diagnostics => _diagnostics.Value;

    /// <summary>
    /// Runs the tool for <see cref="Client"/>'s <c>RunToolsAsync</c>, and returns the result as the model should read it (default: null,
    /// the application executes the calls). Called for calls without an <see cref="ToolCall.Error"/> only, on the thread pool. The message
    /// of an exception is sent to the model as the result.
    /// </summary>
    public Func<ToolCall, CancellationToken, Task<string>>? Handler { get; init; }

    /// <summary>
    /// Creates a tool from a function with typed arguments and a typed result, which is sent to the model as JSON. Suitable for trimming
    /// and native AOT.
    /// </summary>
    /// <typeparam name="TArguments">
    /// Type of the arguments, which JSON writes as an object: one property per argument, described by a
    /// <see cref="System.ComponentModel.DescriptionAttribute"/>. All are required, except those of constructor parameters with a default.
    /// </typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="name">Name of the tool: 1 to 64 ASCII letters, digits, <c>_</c>, <c>-</c> or <c>.</c>.</param>
    /// <param name="description">What the tool does and when to use it, written for the model; null for no description.</param>
    /// <param name="arguments">JSON contract of the arguments, for example from a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="result">JSON contract of the result.</param>
    /// <param name="function">The function, which becomes the <see cref="Handler"/>.</param>
    /// <returns>The tool.</returns>
    /// <exception cref="ArgumentException">
    /// The arguments are not written as an object, or an argument is not allowed by the constructor.
    /// </exception>
    public static Tool Create<TArguments, TResult>(
        string name,
        string? description,
        JsonTypeInfo<TArguments> arguments,
        JsonTypeInfo<TResult> result,
        Func<TArguments, CancellationToken, Task<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(function);
        return new Tool(name, description, TypeSchema.OfArguments(arguments)) { Handler = ToolHandler.Of(arguments, result, function) };
    }

    /// <summary>
    /// Creates a tool from a function with typed arguments, whose result is a text. Suitable for trimming and native AOT.
    /// </summary>
    /// <inheritdoc cref="Create{TArguments, TResult}"/>
    public static Tool Create<TArguments>(
        string name,
        string? description,
        JsonTypeInfo<TArguments> arguments,
        Func<TArguments, CancellationToken, Task<string>> function)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(function);
        return new Tool(name, description, TypeSchema.OfArguments(arguments)) { Handler = ToolHandler.Of(arguments, function) };
    }

    /// <summary>
    /// Returns the JSON Schema of a type as arguments of tools have it: for values that the type's own converter reads, with descriptions
    /// and the rules of data annotations. Properties are required, except those of constructor parameters with a default.
    /// </summary>
    /// <param name="type">JSON contract of the type.</param>
    /// <returns>The schema.</returns>
    public static JsonElement SchemaOf(JsonTypeInfo type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return TypeSchema.OfArguments(type);
    }

    /// <summary>Creates a tool from a JSON Schema in text form.</summary>
    /// <param name="name">Name of the tool: 1 to 64 ASCII letters, digits, <c>_</c>, <c>-</c> or <c>.</c>.</param>
    /// <param name="description">What the tool does and when to use it, written for the model; null for no description.</param>
    /// <param name="parameters">JSON Schema of the arguments, which must describe an object.</param>
    /// <exception cref="ArgumentException">
    /// The schema is not valid JSON, or an argument is not allowed by the constructor.
    /// </exception>
    public static Tool FromJson(string name, string? description, [StringSyntax(StringSyntaxAttribute.Json)] string parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        try
        {
            return new Tool(name, description, ParseObject(parameters));
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The schema of the tool '{name}' is not valid JSON: {e.Message}", nameof(parameters), e);
        }
    }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    private static JsonElement CheckSchema(string name, JsonElement schema, string parameter)
    {
        string? problem = schema.ValueKind != JsonValueKind.Object ? $"it is {schema.ValueKind}"
            : schema.TryGetProperty("type", out JsonElement type) && !MayBeObject(type) ? $"'type' is {type.GetRawText()}"
            : schema.TryGetProperty("properties", out JsonElement properties)
                && properties.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)
                ? $"'properties' is {properties.ValueKind}"
            : schema.TryGetProperty("required", out JsonElement required) && !IsListOfNames(required)
                ? "'required' is not a list of strings"
            : null;
        return problem is null
            ? schema.Clone()
            : throw new ArgumentException($"The schema of the tool '{name}' must describe an object, but {problem}.", parameter);
    }

    private static bool MayBeObject(JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.String => type.ValueEquals("object"),
        JsonValueKind.Array => type.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals("object")),
        JsonValueKind.Null => true,
        _ => false,
    };

    // Some generators write null, or draft 3's true, where there is nothing to list.
    private static bool IsListOfNames(JsonElement list) => list.ValueKind is JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False
        || (list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String));

    private static JsonElement ParseObject(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
