using System.Runtime.CompilerServices;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Reading;

namespace Orchard.Grammars.Schemas.Compilation;

/// <summary>
/// Compiles the schemas of one document. There is one rule for each set of schemas that apply to the same value, so recursive schemas
/// become recursive rules.
/// </summary>
internal sealed class ValueCompiler
{
    private readonly Dictionary<string, GrammarRule> _rules = new(StringComparer.Ordinal);
    private readonly GrammarRule _anyValue = new("any value");
    private readonly NumberCompiler _numbers;
    private readonly StringCompiler _strings;
    private readonly ArrayCompiler _arrays;
    private readonly ObjectCompiler _objects;
    private readonly SchemaReader _reader;
    private readonly ValueNotation _notation;

    public ValueCompiler(SchemaReader reader, SchemaPatterns patterns, SchemaGaps gaps, ValueNotation notation)
    {
        _notation = notation;
        _reader = reader;
        _numbers = new NumberCompiler(gaps);
        _strings = new StringCompiler(patterns, gaps, notation);
        _arrays = new ArrayCompiler(reader, gaps, notation, RuleOf);
        _objects = new ObjectCompiler(reader, patterns, gaps, notation, RuleOf);
        _anyValue.Body = Compile(Constraints.None);
    }

    /// <summary>Returns the rule for a value that must satisfy the schemas at all of these pointers.</summary>
    /// <exception cref="SchemaException">One of the schemas cannot be enforced.</exception>
    public GrammarRule RuleOf(IEnumerable<string> paths)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        string[] sorted = [.. paths.Distinct().Order(StringComparer.Ordinal)];
        if (sorted.Length == 0)
        {
            return _anyValue;
        }

        string key = string.Join('\n', sorted);
        if (!_rules.TryGetValue(key, out GrammarRule? rule))
        {
            _rules.Add(key, rule = new GrammarRule($"the schema at '#{sorted[0]}'"));
            rule.Body = GrammarNode.Choice([.. _reader.Read(sorted).Select(Compile)]);
        }

        return rule;
    }

    /// <summary>Returns the values that satisfy constraints.</summary>
    /// <exception cref="SchemaException">A constraint cannot be enforced.</exception>
    public GrammarNode Compile(Constraints all)
    {
        if (all.Values is { } values)
        {
            return _strings.CompileConstants(all, values);
        }

        JsonKinds kinds = FindIntendedKinds(all);
        var options = new List<GrammarNode>();
        if (kinds.HasFlag(JsonKinds.Object))
        {
            options.Add(GrammarNode.Object(_objects.Compile(all)));
        }

        if (kinds.HasFlag(JsonKinds.Array))
        {
            options.Add(_arrays.Compile(all));
        }

        if (kinds.HasFlag(JsonKinds.String))
        {
            options.Add(_strings.Compile(all));
        }

        if (kinds.HasFlag(JsonKinds.Number))
        {
            options.Add(_numbers.Compile(all));
        }

        if (kinds.HasFlag(JsonKinds.Boolean))
        {
            options.Add(GrammarNode.Choice(GrammarNode.Literal(_notation.True), GrammarNode.Literal(_notation.False)));
        }

        if (kinds.HasFlag(JsonKinds.Null))
        {
            options.Add(GrammarNode.Literal(_notation.Null));
        }

        return GrammarNode.Choice(options);
    }

    /// <summary>
    /// Returns the values that satisfy the schemas at all of these pointers: strings as plain text, which a marker ends, and others in the
    /// notation.
    /// </summary>
    /// <exception cref="SchemaException">One of the schemas cannot be enforced, and must be.</exception>
    public GrammarNode CompileArgument(IEnumerable<string> paths, string textEnd)
    {
        var options = new List<GrammarNode>();
        foreach (Constraints all in _reader.Read([.. paths]))
        {
            JsonKinds kinds = KindsOf(all);
            if (kinds.HasFlag(JsonKinds.String))
            {
                options.Add(_strings.CompileText(all, textEnd));
            }

            // Models write constants with or without quotes.
            if (all.Values is not null)
            {
                options.Add(Compile(all));
            }
            else if (kinds != JsonKinds.String)
            {
                options.Add(Compile(all with { Kinds = kinds & ~JsonKinds.String }));
            }
        }

        return GrammarNode.Choice(options);
    }

    /// <summary>Returns those of <see cref="CompileArgument"/> that are strings.</summary>
    /// <exception cref="SchemaException">One of the schemas cannot be enforced, and must be.</exception>
    public GrammarNode CompileStrings(IEnumerable<string> paths, string textEnd) => GrammarNode.Choice(
        [
            .. _reader.Read([.. paths])
                .Where(static all => KindsOf(all).HasFlag(JsonKinds.String))
                .Select(all => _strings.CompileText(all, textEnd)),
        ]);

    /// <summary>Returns those of <see cref="CompileArgument"/> that are no strings.</summary>
    /// <exception cref="SchemaException">One of the schemas cannot be enforced, and must be.</exception>
    public GrammarNode CompileOthers(IEnumerable<string> paths) => GrammarNode.Choice(
        [
            .. _reader.Read([.. paths])
                .Where(static all => KindsOf(all) is not (JsonKinds.None or JsonKinds.String))
                .Select(all => Compile(WithoutStrings(all))),
        ]);

    private static Constraints WithoutStrings(Constraints all) => all with
    {
        Kinds = KindsOf(all) & ~JsonKinds.String,
        Values = all.Values is { } values ? [.. values.Where(static value => ConstantChecker.KindOf(value) != JsonKinds.String)] : null,
    };

    private static JsonKinds KindsOf(Constraints all) => all.Values is { } values
        ? values.Aggregate(JsonKinds.None, (sum, value) => sum | ConstantChecker.KindOf(value)) & all.Kinds
        : FindIntendedKinds(all);

    // Of such a schema, values other than arrays may be the only valid ones.
    private static bool IsOnlyContaining(Constraints all) =>
        all is { Contained.Count: > 0, MinItems: 0, MaxItems: null, Items.Count: 0, HasUniqueItems: false };

    // A schema that describes properties but names no type is meant for objects, although the standard allows any other value.
    private static JsonKinds FindIntendedKinds(Constraints all)
    {
        if (all.Kinds != JsonKinds.All)
        {
            return all.Kinds;
        }

        JsonKinds intended = (all.HasObjectRules ? JsonKinds.Object : 0)
            | (all.HasArrayRules && !IsOnlyContaining(all) ? JsonKinds.Array : 0)
            | (all.HasStringRules ? JsonKinds.String : 0)
            | (all.HasNumberRules ? JsonKinds.Number : 0);
        return intended == JsonKinds.None ? JsonKinds.All : intended;
    }
}
