using Orchard.Grammars.Characters;
using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Schemas;

/// <summary>Finds the strings that satisfy constraints.</summary>
/// <param name="patterns">Compiles regular expressions.</param>
/// <param name="gaps">Receives the constraints that cannot be enforced.</param>
internal sealed class StringConstraints(SchemaPatterns patterns, SchemaGaps gaps)
{
    /// <summary>
    /// Returns the strings that satisfy the patterns, formats and length; null if there are neither patterns nor formats.
    /// </summary>
    /// <exception cref="SchemaException">A constraint cannot be enforced, and must be.</exception>
    public CodePointDfa? Find(Constraints all)
    {
        CodePointDfa? strings = null;
        foreach ((string path, string pattern) in all.Patterns)
        {
            And(path, () => patterns.Search(path, "pattern", pattern));
        }

        foreach ((string path, string pattern) in all.ForbiddenPatterns)
        {
            And(path, () => patterns.Search(path, "pattern", pattern, isWide: true).Complement());
        }

        foreach ((string path, string format) in all.Formats)
        {
            And(path, () => OfFormat(path, format));
        }

        if (all.Excluded.Count > 0)
        {
            And(all.Path, () => SchemaPatterns.OfTexts(all.Path, "not", all.Excluded).Complement());
        }

        if (strings is not null && (all.MinLength > 0 || all.MaxLength is not null))
        {
            And(all.Path, () => SchemaPatterns.OfLength(all.Path, all.MinLength, all.MaxLength));
        }

        return strings;

        void And(string path, Func<CodePointDfa> next)
        {
            try
            {
                CodePointDfa dfa = next();
                strings = strings is null ? dfa : patterns.Intersect(path, "pattern", strings, dfa);
            }
            catch (SchemaException e)
            {
                gaps.Add(e);
            }
        }
    }

    /// <summary>Returns the strings that satisfy the constraints.</summary>
    /// <exception cref="SchemaException">A constraint cannot be enforced, and must be.</exception>
    public CodePointDfa FindAll(Constraints all)
    {
        if (Find(all) is { } strings)
        {
            return strings;
        }

        try
        {
            return SchemaPatterns.OfLength(all.Path, all.MinLength, all.MaxLength);
        }
        catch (SchemaException e)
        {
            gaps.Add(e);
            return CodePointDfas.AnyOf(CodePointSet.All);
        }
    }

    private CodePointDfa OfFormat(string path, string format)
    {
        string pattern = StringFormats.Find(format) ?? throw new SchemaException(
            path, "format", $"'{format}' cannot be enforced; supported are {StringFormats.Names}.")
        { IsMeaningless = true };
        return patterns.Whole(path, "format", pattern);
    }
}
