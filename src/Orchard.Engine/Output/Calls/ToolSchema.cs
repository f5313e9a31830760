using System.Text.Json;
using Orchard.Grammars;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output.Calls;

/// <summary>A tool of a request.</summary>
/// <param name="Name">The name that the model uses.</param>
/// <param name="Parameters">The schema of the arguments; null for none.</param>
/// <param name="IsStrict">Whether arguments must conform to the schema; otherwise any object is allowed.</param>
internal sealed record ToolSchema(string Name, JsonElement? Parameters, bool IsStrict = true)
{
    /// <summary>Limits the work of compiling the schema.</summary>
    public CompilationBudget Budget { get; init; } = new();

    /// <summary>Returns the grammar of the arguments as JSON.</summary>
    /// <exception cref="SchemaException">The schema cannot be enforced.</exception>
    public GrammarNode ArgumentTexts() => new GrammarRule($"the arguments of '{Name}'")
    {
        Body = Parameters is { } schema && IsStrict
            ? Compile(() => SchemaCompiler.CompileArguments(schema, Budget))
            : SchemaCompiler.AnyObject(),
    };

    /// <summary>Runs <paramref name="compile"/> and adds this tool's name to its exceptions.</summary>
    public T Compile<T>(Func<T> compile)
    {
        try
        {
            return compile();
        }
        catch (SchemaException e)
        {
            throw e.Of(Name);
        }
    }

    /// <summary>Returns whether a parameter is a string according to the schema, so that its value is never parsed as a number.</summary>
    public bool IsText(string parameter) =>
        Parameters is { ValueKind: JsonValueKind.Object } schema
        && schema.TryGetProperty("properties", out JsonElement properties)
        && properties.ValueKind == JsonValueKind.Object
        && properties.TryGetProperty(parameter, out JsonElement property)
        && property.ValueKind == JsonValueKind.Object
        && property.TryGetProperty("type", out JsonElement type)
        && type.ValueKind == JsonValueKind.String
        && type.ValueEquals("string");
}
