using System.Text.Json;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Regular;
using Orchard.Grammars.Schemas.Reading;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Finds the property names that satisfy <c>propertyNames</c>.</summary>
/// <param name="reader">Reads the schemas of the names.</param>
/// <param name="patterns">Compiles regular expressions.</param>
/// <param name="gaps">Receives the constraints that cannot be enforced.</param>
internal sealed class AllowedNames(SchemaReader reader, SchemaPatterns patterns, SchemaGaps gaps)
{
    private readonly StringConstraints _strings = new(patterns, gaps);

    /// <summary>Returns the names that an object may have; null allows any.</summary>
    /// <exception cref="SchemaException">A constraint on the names cannot be enforced, and must be.</exception>
    public CodePointDfa? Find(Constraints all)
    {
        CodePointDfa? names = null;
        foreach (string path in all.PropertyNames)
        {
            try
            {
                CodePointDfa union = FindUnion(path);
                names = names is null ? union : patterns.Intersect(path, "propertyNames", names, union);
            }
            catch (SchemaException e)
            {
                gaps.Add(e);
            }
        }

        return names;
    }

    private CodePointDfa FindUnion(string path)
    {
        CodePointDfa union = CodePointDfa.None;
        foreach (Constraints alternative in reader.Read([path]).Where(alternative => alternative.Kinds.HasFlag(JsonKinds.String)))
        {
            CodePointDfa next = Find(path, alternative);

            // A or B is not (not A and not B).
            union = union.IsEmpty
                ? next
                : patterns.Intersect(path, "propertyNames", union.Complement(), next.Complement()).Complement();
        }

        return union;
    }

    private CodePointDfa Find(string path, Constraints names)
    {
        if (names.Values is { } values)
        {
            var constants = new ConstantChecker(_strings);
            return SchemaPatterns.OfTexts(
                path,
                "propertyNames",
                values
                    .Where(value => value.ValueKind == JsonValueKind.String && constants.Allows(names, value) == true)
                    .Select(value => value.GetString()!));
        }

        CodePointDfa strings = _strings.Find(names) ?? CodePointDfas.AnyOf(CodePointSet.All);
        return patterns.Intersect(path, "propertyNames", strings, SchemaPatterns.OfLength(path, names.MinLength, names.MaxLength));
    }
}
