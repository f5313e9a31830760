using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Schemas;

/// <summary>Finds the strings that satisfy constraints.</summary>
internal sealed class StringConstraints(SchemaPatterns patterns)
{
    /// <summary>
    /// Returns the strings that satisfy the patterns, formats and length; null if there are neither patterns nor formats.
    /// </summary>
    /// <exception cref="SchemaException">A pattern or format cannot be enforced.</exception>
    public CodePointDfa? Find(Constraints all)
    {
        CodePointDfa? strings = null;
        foreach ((string path, string pattern) in all.Patterns)
        {
            And(patterns.Search(path, "pattern", pattern));
        }

        foreach ((string path, string format) in all.Formats)
        {
            string pattern = StringFormats.Find(format)
                ?? throw new SchemaException(path, "format", $"'{format}' cannot be enforced; supported are {StringFormats.Names}.");
            And(patterns.Whole(path, "format", pattern));
        }

        if (strings is not null && (all.MinLength > 0 || all.MaxLength is not null))
        {
            And(SchemaPatterns.OfLength(all.Path, all.MinLength, all.MaxLength));
        }

        return strings;

        void And(CodePointDfa dfa) => strings = strings is null ? dfa : patterns.Intersect(all.Path, "pattern", strings, dfa);
    }

    /// <summary>Returns the strings that satisfy the constraints.</summary>
    /// <exception cref="SchemaException">A constraint cannot be enforced.</exception>
    public CodePointDfa FindAll(Constraints all) => Find(all) ?? SchemaPatterns.OfLength(all.Path, all.MinLength, all.MaxLength);
}
