using System.Text.Json;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Compiles the constraints on strings.</summary>
internal sealed class StringCompiler(SchemaPatterns patterns)
{
    private readonly StringConstraints _strings = new(patterns);

    /// <summary>Returns the strings as JSON.</summary>
    /// <exception cref="SchemaException">A constraint cannot be enforced.</exception>
    public GrammarNode Compile(Constraints all)
    {
        if (all.MinLength > all.MaxLength)
        {
            return GrammarNode.Nothing;
        }

        return GrammarNode.Sequence(GrammarNode.Literal("\""), Content(all), GrammarNode.Literal("\""));
    }

    /// <summary>Returns the strings as plain text that a marker ends.</summary>
    /// <param name="all">The constraints.</param>
    /// <param name="textEnd">The marker, which the text must not contain. Must have no special characters of regular expressions.</param>
    /// <exception cref="SchemaException">A constraint cannot be enforced.</exception>
    public GrammarNode CompileText(Constraints all, string textEnd)
    {
        CodePointDfa texts = all.Values is { } values
            ? SchemaPatterns.OfTexts(all.Path, "enum", Constants(all, values).Select(value => value.GetString()!))
            : patterns.Intersect(all.Path, "type", _strings.FindAll(all), CodePointDfas.AnyOf(JsonGrammar.TextCharacters));
        return patterns.Except(all.Path, "type", texts, patterns.Search(all.Path, "type", textEnd)).ToNode(GrammarNode.Characters);
    }

    /// <summary>Returns the constants as JSON.</summary>
    public GrammarNode CompileConstants(Constraints all, IReadOnlyList<JsonElement> values) => GrammarNode.Choice(
        [.. Constants(all, values).Select(value => GrammarNode.Literal(JsonGrammar.Write(value)))]);

    private IEnumerable<JsonElement> Constants(Constraints all, IReadOnlyList<JsonElement> values) =>
        new ConstantChecker(_strings).Filter(all, values);

    private GrammarNode Content(Constraints all)
    {
        if (_strings.Find(all) is not { } strings)
        {
            return GrammarNode.Repeat(JsonGrammar.StringCharacter(JsonGrammar.TextCharacters), all.MinLength, all.MaxLength);
        }

        // Control characters are generated only if the pattern leaves no other choice.
        CodePointDfa plain = patterns.Intersect(all.Path, "pattern", strings, CodePointDfas.AnyOf(JsonGrammar.TextCharacters));
        return (plain.IsEmpty ? strings : plain).ToNode(JsonGrammar.StringCharacter);
    }
}
