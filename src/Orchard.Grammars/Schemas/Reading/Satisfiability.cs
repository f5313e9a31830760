namespace Orchard.Grammars.Schemas.Reading;

/// <summary>Decides whether constraints can be satisfied at all, as far as that can be seen cheaply.</summary>
/// <param name="patterns">Compiles regular expressions.</param>
/// <param name="gaps">Receives the constraints that cannot be enforced.</param>
/// <param name="read">Returns the alternatives of the schemas at some pointers.</param>
internal sealed class Satisfiability(
    SchemaPatterns patterns, SchemaGaps gaps, Func<IEnumerable<string>, IReadOnlyList<Constraints>> read)
{
    private const int MaxDepth = 4;

    private readonly StringConstraints _strings = new(patterns, gaps);

    /// <summary>Whether the constraints obviously exclude every value: they leave no type or no constant.</summary>
    public static bool IsPlainlyEmpty(Constraints all) => all.Kinds == JsonKinds.None || all.Values is { Count: 0 };

    /// <summary>Whether the constraints exclude every value. Looks into required properties; false if in doubt.</summary>
    public bool IsEmpty(Constraints all) => IsEmpty(all, depth: 0);

    private bool IsEmpty(Constraints all, int depth) => IsPlainlyEmpty(all) || FindKinds(all, depth) == JsonKinds.None;

    // The types of which there may be a value.
    private JsonKinds FindKinds(Constraints all, int depth)
    {
        JsonKinds kinds = all.Kinds;
        if (all.Values is { } values)
        {
            var constants = new ConstantChecker(_strings);
            kinds &= values.Where(value => constants.Allows(all, value) != false)
                .Aggregate(JsonKinds.None, (sum, value) => sum | ConstantChecker.KindOf(value));
        }

        if (all.Minimum > all.Maximum
            || (all.Minimum == all.Maximum && all.Minimum is not null && (all.IsMinimumExclusive || all.IsMaximumExclusive)))
        {
            kinds &= ~JsonKinds.Number;
        }

        if (all.MinLength > all.MaxLength || (kinds.HasFlag(JsonKinds.String) && _strings.Find(all) is { IsEmpty: true }))
        {
            kinds &= ~JsonKinds.String;
        }

        if (all.MinItems > all.MaxItems)
        {
            kinds &= ~JsonKinds.Array;
        }

        if (kinds.HasFlag(JsonKinds.Object)
            && (all.MinProperties > all.MaxProperties
                || all.Required.Any(name => all.SchemasOf(name, patterns, gaps).Contains(SchemaPointers.Never))
                || (depth < MaxDepth && all.Required.Any(name => IsEmptyProperty(all, name, depth + 1)))))
        {
            kinds &= ~JsonKinds.Object;
        }

        return kinds;
    }

    private bool IsEmptyProperty(Constraints all, string name, int depth)
    {
        try
        {
            return read(all.SchemasOf(name, patterns, gaps)).All(value => IsEmpty(value, depth));
        }
        catch (SchemaException e) when (e.IsCycle)
        {
            return false; // the property contains the schema that is being read, so nothing is known about it yet
        }
    }
}
