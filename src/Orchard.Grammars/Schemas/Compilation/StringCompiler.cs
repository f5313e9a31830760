using System.Text.Json;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Compiles the constraints on strings.</summary>
/// <param name="patterns">Compiles regular expressions.</param>
/// <param name="gaps">Receives the constraints that cannot be enforced.</param>
/// <param name="notation">How values are written.</param>
internal sealed class StringCompiler(SchemaPatterns patterns, SchemaGaps gaps, ValueNotation notation)
{
    private static readonly CodePointSet BasicPlane = CodePointSet.Of((0, 0xFFFF));

    private readonly StringConstraints _strings = new(patterns, gaps);

    /// <summary>Returns the strings in the notation.</summary>
    /// <exception cref="SchemaException">A constraint cannot be enforced.</exception>
    public GrammarNode Compile(Constraints all)
    {
        if (all.MinLength > all.MaxLength)
        {
            return GrammarNode.Nothing;
        }

        return notation.Text(write => notation.TextEnd is { } end ? CompileText(all, end) : Content(all, write));
    }

    /// <summary>Returns the strings as plain text that a marker ends.</summary>
    /// <param name="all">The constraints.</param>
    /// <param name="textEnd">The marker, which the text must not contain.</param>
    /// <exception cref="SchemaException">A constraint cannot be enforced, and must be.</exception>
    public GrammarNode CompileText(Constraints all, string textEnd)
    {
        CodePointDfa plain = CodePointDfas.AnyOf(JsonGrammar.TextCharacters);
        CodePointDfa texts = plain;
        try
        {
            texts = all.Values is { } values
                ? SchemaPatterns.OfTexts(
                    all.Path,
                    "enum",
                    Constants(all, values).Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!))
                : patterns.Intersect(all.Path, "type", _strings.FindAll(all), plain);
            return WithoutEnd(texts);
        }
        catch (SchemaException e)
        {
            gaps.Add(e);
            return WithoutEnd(plain);
        }

        GrammarNode WithoutEnd(CodePointDfa some) =>
            patterns.Except(all.Path, "type", some, patterns.Search(all.Path, "type", Pattern.Escape(textEnd)))
                .ToNode(GrammarNode.Characters);
    }

    /// <summary>Returns the constants in the notation.</summary>
    public GrammarNode CompileConstants(Constraints all, IReadOnlyList<JsonElement> values) => GrammarNode.Choice(
        [.. Constants(all, values).Select(notation.Constant)]);

    private IEnumerable<JsonElement> Constants(Constraints all, IReadOnlyList<JsonElement> values) =>
        new ConstantChecker(_strings).Filter(all, values, gaps);

    private GrammarNode Content(Constraints all, Func<CodePointSet, GrammarNode> write)
    {
        if (all is { Patterns: [(_, var pattern)], Formats.Count: 0, ForbiddenPatterns.Count: 0, Excluded.Count: 0 }
            && SchemaPatterns.FindRepetition(pattern) is { } repetition
            && !repetition.Characters.Intersect(JsonGrammar.TextCharacters).IsEmpty)
        {
            int? max = repetition.Max is null || all.MaxLength < repetition.Max ? all.MaxLength ?? repetition.Max : repetition.Max;
            return GrammarNode.Repeat(
                write(repetition.Characters.Intersect(JsonGrammar.TextCharacters)),
                Math.Max(all.MinLength, repetition.Min),
                max);
        }

        if (_strings.Find(all) is not { } strings)
        {
            // The only character of a text is one that .NET's char can hold.
            CodePointSet characters = all.MaxLength == 1 ? JsonGrammar.TextCharacters.Intersect(BasicPlane) : JsonGrammar.TextCharacters;
            return GrammarNode.Repeat(write(characters), all.MinLength, all.MaxLength);
        }

        // Control characters are generated only if the pattern leaves no other choice.
        CodePointDfa plain = patterns.Intersect(all.Path, "pattern", strings, CodePointDfas.AnyOf(JsonGrammar.TextCharacters));
        return (plain.IsEmpty ? strings : plain).ToNode(write);
    }
}
