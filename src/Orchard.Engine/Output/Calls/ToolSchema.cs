using System.Text.Json;
using Orchard.Engine.Output.Scanning;
using Orchard.Grammars;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output.Calls;

/// <summary>A tool of a request.</summary>
/// <param name="Name">The name that the model uses.</param>
/// <param name="Parameters">The schema of the arguments; null for any object.</param>
/// <param name="IsStrict">
/// Whether a schema that cannot be enforced is refused; otherwise as much of it is enforced as possible, at worst that it is an object.
/// </param>
internal sealed record ToolSchema(string Name, JsonElement? Parameters, bool IsStrict = false)
{
    private readonly Lazy<ArgumentKinds> _kinds = new(() => new ArgumentKinds(Parameters));

    /// <summary>Limits the work of compiling the schema.</summary>
    public CompilationBudget Budget { get; init; } = new();

    /// <summary>Returns the grammar of the arguments as one object.</summary>
    /// <param name="notation">How it is written; null for JSON.</param>
    /// <exception cref="SchemaException">The schema cannot be enforced, and must be.</exception>
    public GrammarNode ArgumentTexts(ValueNotation? notation = null) => new GrammarRule($"the arguments of '{Name}'")
    {
        Body = Parameters is { } schema
            ? Compile(gaps => SchemaCompiler.CompileArguments(schema, gaps, notation)) ?? SchemaCompiler.AnyObject()
            : SchemaCompiler.AnyObject(),
    };

    /// <summary>
    /// Runs <paramref name="compile"/>. If the schema need not be enforced and cannot be, returns null; otherwise adds this tool's name to
    /// the exception.
    /// </summary>
    public T? Compile<T>(Func<SchemaGaps, T> compile)
        where T : class
    {
        try
        {
            return compile(new SchemaGaps(IsStrict, IsStrict ? Budget : Budget.Renewed()));
        }
        catch (SchemaException e)
        {
            return IsStrict ? throw e.Of(Name) : null;
        }
    }

    /// <summary>Returns the schema of a parameter; null if it has none of its own.</summary>
    public JsonElement? SchemaOf(string parameter) =>
        Parameters is { ValueKind: JsonValueKind.Object } schema
        && schema.TryGetProperty("properties", out JsonElement all) && all.ValueKind == JsonValueKind.Object
        && all.TryGetProperty(parameter, out JsonElement own) && own.ValueKind == JsonValueKind.Object
            ? own
            : null;

    /// <summary>
    /// Returns the value that a parameter has if a model writes it as plain text: a string, unless its schema is for other values.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="text">The text as written.</param>
    /// <returns>The value as JSON.</returns>
    public string ReadText(string parameter, string text) => _kinds.Value.Read(parameter, text);

    /// <summary>
    /// Returns the value of a string with quotes: another value if the parameter must be one, and the string is its JSON.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="json">The value as JSON.</param>
    public string Fit(string parameter, string json) =>
        json.StartsWith('"') && SchemaOf(parameter) is not null && JsonText.Unquote(json) is { } text && !_kinds.Value.MayBeText(parameter)
            ? ReadText(parameter, LooseValue.ToJson(text, "") ?? text)
            : json;

    /// <summary>Returns this tool, without its schema if that alone is too large for a grammar and need not be enforced.</summary>
    public ToolSchema Simplified()
    {
        try
        {
            if (!IsStrict)
            {
                GrammarCompiler.Compile(ArgumentTexts(), budget: Budget.Renewed());
            }

            return this;
        }
        catch (GrammarException)
        {
            return this with { Parameters = null };
        }
    }
}
