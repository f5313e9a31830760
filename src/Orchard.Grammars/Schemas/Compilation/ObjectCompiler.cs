using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Regular;
using Orchard.Grammars.Schemas.Reading;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>Compiles the constraints on objects: first the declared members in order, then the others.</summary>
/// <param name="reader">Reads the schemas of the values.</param>
/// <param name="patterns">Compiles regular expressions.</param>
/// <param name="gaps">Receives the constraints that cannot be enforced.</param>
/// <param name="notation">How values are written.</param>
/// <param name="ruleOf">Returns the rule for a value that must satisfy the schemas at some pointers.</param>
internal sealed class ObjectCompiler(
    SchemaReader reader,
    SchemaPatterns patterns,
    SchemaGaps gaps,
    ValueNotation notation,
    Func<IEnumerable<string>, GrammarNode> ruleOf)
{
    private readonly AllowedNames _names = new(reader, patterns, gaps);
    private readonly ExtraMembers _extras = new(reader, patterns, notation, ruleOf);

    /// <exception cref="SchemaException">A constraint cannot be enforced.</exception>
    public GrammarNode Compile(Constraints all)
    {
        if (all.MinProperties > all.MaxProperties || all.Required.Count > all.MaxProperties)
        {
            return GrammarNode.Nothing;
        }

        CodePointDfa? names = _names.Find(all);
        if (all.Required.Any(name => names?.Contains(name) == false))
        {
            return GrammarNode.Nothing;
        }

        string[] declared = [.. all.Properties.SelectMany(schemas => schemas.Declared.Select(pair => pair.Key)).Union(all.Required)];
        List<Member> members = FindMembers(all, declared, names);
        int extraMin = Math.Max(all.MinProperties - all.Required.Count, 0);
        int? extraMax = all.MaxProperties is { } max ? Math.Max(max - members.Count, 0) : null;
        IReadOnlyList<ExtraMember> extras = extraMax == 0 ? [] : FindExtras(all, declared, names);

        // Optional members count towards the minimum first, by becoming required.
        for (int i = 0; i < members.Count && extraMin > 0; i++)
        {
            if (!members[i].IsRequired)
            {
                members[i] = members[i] with { IsRequired = true };
                extraMin--;
            }
        }

        if (extraMin > 0 && !extras.Any(extra => extra.IsRepeatable))
        {
            gaps.Add(new SchemaException(
                all.Path,
                "minProperties",
                $"{all.MinProperties:N0} properties cannot be guaranteed; declare more of them, or allow additionalProperties."));
        }

        return notation.Object(Chain(members, Chain(extras, extraMin, extraMax)));
    }

    private IReadOnlyList<ExtraMember> FindExtras(Constraints all, string[] declared, CodePointDfa? names)
    {
        try
        {
            return _extras.Find(all, declared, names);
        }
        catch (SchemaException e)
        {
            gaps.Add(e);
            return _extras.FindAny();
        }
    }

    private List<Member> FindMembers(Constraints all, string[] declared, CodePointDfa? names)
    {
        // If maxProperties leaves no room for all optional members, the last ones are never generated.
        int room = (all.MaxProperties ?? int.MaxValue) - all.Required.Count;
        var required = new HashSet<string>(all.Required, StringComparer.Ordinal);
        var members = new List<Member>();
        int optional = 0;
        foreach (string name in declared)
        {
            bool isRequired = required.Contains(name);
            if (isRequired || (names?.Contains(name) != false && optional++ < room))
            {
                GrammarNode value = ruleOf(all.SchemasOf(name, patterns, gaps));
                members.Add(new Member(notation.Member(name, value), isRequired));
            }
        }

        return members;
    }

    // Two rules for each position in the list: before the first written member, and after it, where a comma is due.
    private GrammarNode Chain(List<Member> members, (GrammarNode First, GrammarNode Next) extras)
    {
        (GrammarNode first, GrammarNode next) = extras;
        for (int i = members.Count - 1; i >= 0; i--)
        {
            (GrammarNode member, bool isRequired) = members[i];
            GrammarNode begin = GrammarNode.Sequence(member, next);
            GrammarNode more = GrammarNode.Sequence(notation.Comma, member, next);
            first = new GrammarRule("members") { Body = isRequired ? begin : GrammarNode.Choice(begin, first) };
            next = new GrammarRule("more members") { Body = isRequired ? more : GrammarNode.Choice(more, next) };
        }

        return first;
    }

    // After the declared members: at most one of each kind that is not repeatable, then any number of repeatable ones.
    private (GrammarNode First, GrammarNode Next) Chain(IReadOnlyList<ExtraMember> extras, int min, int? max)
    {
        GrammarNode first = GrammarNode.Empty;
        GrammarNode next = GrammarNode.Empty;
        GrammarNode[] repeatable = [.. extras.Where(extra => extra.IsRepeatable).Select(extra => extra.Node)];
        if (repeatable.Length > 0)
        {
            GrammarNode member = GrammarNode.Choice(repeatable);
            GrammarNode more = GrammarNode.Sequence(notation.Comma, member);
            GrammarNode all = GrammarNode.Sequence(member, GrammarNode.Repeat(more, Math.Max(min - 1, 0), max - 1));
            first = min > 0 ? all : GrammarNode.Optional(all);
            next = GrammarNode.Repeat(more, min, max);
        }

        // The grammar does not count how many of the non-repeatable ones were written. With a maximum, the repeatable ones have to do.
        int room = max is null ? int.MaxValue : repeatable.Length > 0 ? 0 : max.Value;
        foreach (GrammarNode member in extras.Where(extra => !extra.IsRepeatable).Select(extra => extra.Node).Take(room))
        {
            first = GrammarNode.Choice(GrammarNode.Sequence(member, next), first);
            next = GrammarNode.Sequence(GrammarNode.Optional(GrammarNode.Sequence(notation.Comma, member)), next);
        }

        return (first, next);
    }
}
