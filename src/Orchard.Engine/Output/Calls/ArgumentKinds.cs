using System.Text.Json;
using Orchard.Engine.Output.Scanning;
using Orchard.Grammars.Json;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output.Calls;

/// <summary>Decides whether an argument that a model wrote without quotes is a string or another JSON value.</summary>
/// <param name="schema">The schema of the arguments; null for none.</param>
internal sealed class ArgumentKinds(JsonElement? schema)
{
    private readonly ParameterKinds? _kinds = schema is { } given ? ParameterKinds.Of(given) : null;

    /// <summary>Whether a parameter may be a string.</summary>
    public bool MayBeText(string parameter) => _kinds?.MayBeText(parameter) != false;

    /// <summary>Returns the value of a parameter as JSON.</summary>
    /// <param name="parameter">The name of the parameter.</param>
    /// <param name="text">The text as written.</param>
    public string Read(string parameter, string text)
    {
        if (!JsonText.IsValue(text))
        {
            return JsonGrammar.Quote(text);
        }

        using JsonDocument value = JsonDocument.Parse(text);
        return _kinds?.Allows(parameter, value.RootElement) != false ? text.Trim() : JsonGrammar.Quote(text);
    }
}
