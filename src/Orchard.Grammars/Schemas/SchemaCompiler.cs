using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Orchard.Grammars.Regular;

namespace Orchard.Grammars.Schemas;

/// <summary>Turns a JSON Schema (draft 2020-12) into a grammar for JSON texts that hold to it.</summary>
/// <remarks>
/// <para>
/// Every text of the grammar is valid; not every valid text is in it. Properties come in the order in which the schema names them. Names
/// that it does not declare come last, and only where it says <c>additionalProperties</c> or declares none; none is ever written twice.
/// Numbers have at most fifteen digits before the point and six after it. Between the parts there is nothing but a space.
/// </para>
/// <para>
/// One rule is made for each set of places in the schema that speak about one value, so that recursive schemas become recursive rules.
/// </para>
/// </remarks>
internal sealed class SchemaCompiler
{
    private const int MaxOptions = 20_000;

    private readonly SchemaReader _reader;
    private readonly Dictionary<string, GrammarRule> _rules = new(StringComparer.Ordinal);
    private readonly GrammarRule _anyValue = new("any value");

    private SchemaCompiler(JsonElement schema)
    {
        _reader = new SchemaReader(new SchemaDocument(schema));
        _anyValue.Body = Compile(Constraints.None);
    }

    /// <summary>The texts of a schema.</summary>
    /// <exception cref="SchemaException">It cannot be enforced.</exception>
    public static GrammarNode Compile(JsonElement schema) => Guard(() => RequireProductive(new SchemaCompiler(schema).RuleOf([""])));

    /// <summary>
    /// The texts of a schema of a call's arguments: an object, whether it says so or not. One that lists its properties has no others,
    /// unless it says so.
    /// </summary>
    /// <exception cref="SchemaException">It cannot be enforced.</exception>
    public static GrammarNode CompileArguments(JsonElement schema) => Guard(() =>
    {
        var compiler = new SchemaCompiler(schema);
        return RequireProductive(IsWithoutProperties(schema)
            ? GrammarNode.Literal("{}")
            : GrammarNode.Choice([.. compiler._reader.Read([""]).Select(AsObject).Select(compiler.Compile)]));
    });

    /// <summary>
    /// The values of a call's arguments one by one, in the order in which the schema names them, for forms that do not write them as one
    /// object.
    /// </summary>
    /// <param name="schema">The schema of the arguments.</param>
    /// <param name="isText">Whether an argument is text, which stands without quotes.</param>
    /// <param name="textEnd">What ends a text, and therefore cannot be in one. Letters and brackets.</param>
    /// <exception cref="SchemaException">It cannot be enforced.</exception>
    public static IReadOnlyList<ArgumentTexts> CompileEach(JsonElement schema, Func<string, bool> isText, string textEnd) => Guard(() =>
    {
        var compiler = new SchemaCompiler(schema);
        if (IsWithoutProperties(schema))
        {
            return [];
        }

        if (compiler._reader.Read([""]) is not [var rules])
        {
            throw new SchemaException("", null, "arguments with alternatives cannot be written one by one, as this model does.");
        }

        Constraints all = AsObject(rules);
        if (all.Values is not null || all.PropertyNames.Count > 0 || all.MinProperties > 0 || all.MaxProperties is not null
            || all.Properties.Any(entry => entry.Matching.Count > 0))
        {
            throw new SchemaException(all.Path, null, "of the arguments as a whole, this model's form can only be held to their names and to which are required.");
        }

        string[] names = [.. all.Properties.SelectMany(entry => entry.Declared.Select(pair => pair.Key)).Union(all.Required)];
        return (IReadOnlyList<ArgumentTexts>)[.. names.Select(name => new ArgumentTexts(
            name,
            all.Required.Contains(name),
            RequireProductive(isText(name) ? compiler.CompileTexts(all.PropertyPlaces(name), textEnd) : compiler.RuleOf(all.PropertyPlaces(name)))))];
    });

    /// <summary>Any JSON object.</summary>
    public static GrammarNode AnyObject()
    {
        using var document = JsonDocument.Parse("""{"type":"object"}""");
        return Compile(document.RootElement);
    }

    private static T Guard<T>(Func<T> compile)
    {
        try
        {
            return compile();
        }
        catch (InsufficientExecutionStackException)
        {
            throw new SchemaException("", null, "it is nested too deep.");
        }
        catch (InvalidOperationException e)
        {
            throw new SchemaException("", null, $"a text in it is no Unicode: {e.Message}"); // the reader's word for an unpaired surrogate
        }
    }

    private static GrammarNode RequireProductive(GrammarNode texts)
    {
        var analysis = new GrammarAnalysis();
        try
        {
            analysis.Add(texts);
        }
        catch (GrammarException e)
        {
            throw new SchemaException("", null, e.Message);
        }

        return analysis.IsProductive(texts) ? texts : throw new SchemaException("", null, "no value holds to it, so nothing can be generated.");
    }

    private static Constraints AsObject(Constraints all) => all with { Kinds = all.Kinds & JsonKinds.Object };

    private static bool IsWithoutProperties(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("properties", out JsonElement properties)
        && properties.ValueKind == JsonValueKind.Object
        && !properties.EnumerateObject().Any()
        && !schema.EnumerateObject().Any(keyword => keyword.Name is not ("properties" or "type" or "additionalProperties")
            && !SchemaReader.IsIgnored(keyword.Name))
        && !(schema.TryGetProperty("additionalProperties", out JsonElement others) && others.ValueKind != JsonValueKind.False);

    private GrammarNode CompileTexts(IEnumerable<string> places, string textEnd) => GrammarNode.Choice(
        [.. _reader.Read([.. places]).Where(one => one.Kinds.HasFlag(JsonKinds.String)).Select(one => CompileText(one, textEnd))]);

    private static GrammarNode CompileText(Constraints all, string textEnd) => Constraints.Guard(all.Path, "type", () =>
    {
        CodePointDfa texts = all.Values is { } values
            ? CodePointDfa.OfTexts(values.Where(value => Allows(all, value)).Select(value => value.GetString()!))
            : (all.FindStrings() ?? CodePointDfa.OfLength(all.MinLength, all.MaxLength)).Intersect(CodePointDfa.AnyOf(JsonGrammar.TextCharacters));
        return texts.Intersect(Pattern.Search(textEnd).Complement());
    }).ToNode(GrammarNode.Characters);

    private GrammarRule RuleOf(IEnumerable<string> places)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        string[] sorted = [.. places.Distinct().Order(StringComparer.Ordinal)];
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

    private GrammarNode Compile(Constraints all)
    {
        if (all.Values is { } values)
        {
            return GrammarNode.Choice([.. values.Where(value => Allows(all, value)).Select(value => GrammarNode.Literal(JsonGrammar.Write(value)))]);
        }

        JsonKinds kinds = Prefer(all);
        var options = new List<GrammarNode>();
        if (kinds.HasFlag(JsonKinds.Object))
        {
            options.Add(GrammarNode.Object(CompileObject(all)));
        }

        if (kinds.HasFlag(JsonKinds.Array))
        {
            options.Add(CompileArray(all));
        }

        if (kinds.HasFlag(JsonKinds.String))
        {
            options.Add(CompileString(all));
        }

        if (kinds.HasFlag(JsonKinds.Number))
        {
            options.Add(CompileNumber(all));
        }

        if (kinds.HasFlag(JsonKinds.Boolean))
        {
            options.Add(GrammarNode.Choice(GrammarNode.Literal("true"), GrammarNode.Literal("false")));
        }

        if (kinds.HasFlag(JsonKinds.Null))
        {
            options.Add(GrammarNode.Literal("null"));
        }

        return GrammarNode.Choice(options);
    }

    // Who describes properties wants an object, though the standard lets any other value pass.
    private static JsonKinds Prefer(Constraints all)
    {
        if (all.Kinds != JsonKinds.All)
        {
            return all.Kinds;
        }

        JsonKinds meant = (all.HasObjectRules ? JsonKinds.Object : 0)
            | (all.HasArrayRules ? JsonKinds.Array : 0)
            | (all.HasStringRules ? JsonKinds.String : 0)
            | (all.IsInteger || all.Minimum is not null || all.Maximum is not null || !all.MultipleOf.IsOne ? JsonKinds.Number : 0);
        return meant == JsonKinds.None ? JsonKinds.All : meant;
    }

    private static bool Allows(Constraints all, JsonElement value) => all.Allows(value)
        ?? throw new SchemaException(all.Path, "enum", "an object or array among its values, with other conditions on its parts, cannot be enforced.");

    private static GrammarNode CompileNumber(Constraints all)
    {
        if (all.Minimum > JsonGrammar.LargestNumber || all.Maximum < -JsonGrammar.LargestNumber)
        {
            bool isMinimum = all.Minimum > JsonGrammar.LargestNumber;
            string keyword = isMinimum
                ? all.IsMinimumExclusive ? "exclusiveMinimum" : "minimum"
                : all.IsMaximumExclusive ? "exclusiveMaximum" : "maximum";
            throw new SchemaException(all.Path, keyword, "beyond fifteen digits readers of JSON do not tell numbers apart, so it cannot be enforced.");
        }

        // Near a large bound, readers would round what comes after the point to the bound itself.
        bool isWhole = all.IsInteger || !all.MultipleOf.IsOne || IsLarge(all.Minimum) || IsLarge(all.Maximum);
        if (!isWhole)
        {
            return all.Minimum is null && all.Maximum is null
                ? JsonGrammar.AnyNumber()
                : JsonGrammar.Decimals(all.Minimum, all.IsMinimumExclusive, all.Maximum, all.IsMaximumExclusive);
        }

        BigInteger? low = all.Minimum is { } min
            ? new BigInteger(decimal.Ceiling(min)) + (all.IsMinimumExclusive && min == decimal.Ceiling(min) ? 1 : 0)
            : null;
        BigInteger? high = all.Maximum is { } max
            ? new BigInteger(decimal.Floor(max)) - (all.IsMaximumExclusive && max == decimal.Floor(max) ? 1 : 0)
            : null;
        return all.MultipleOf <= 1_000
            ? JsonGrammar.Integers(low, high, (int)all.MultipleOf)
            : throw new SchemaException(all.Path, "multipleOf", $"multiples of {all.MultipleOf} cannot be enforced; of whole numbers up to 1,000 they can.");

        static bool IsLarge(decimal? bound) => bound is { } value && Math.Abs(value) >= 1_000_000_000;
    }

    private static GrammarNode CompileString(Constraints all)
    {
        if (all.MinLength > all.MaxLength)
        {
            return GrammarNode.Nothing;
        }

        GrammarNode content = all.FindStrings() is { } strings
            ? Constraints.Guard(all.Path, "pattern", () => strings.Intersect(CodePointDfa.AnyOf(JsonGrammar.TextCharacters)) is { IsEmpty: false } plain ? plain : strings)
                .ToNode(JsonGrammar.StringCharacter)
            : GrammarNode.Repeat(JsonGrammar.StringCharacter(JsonGrammar.TextCharacters), all.MinLength, all.MaxLength);
        return GrammarNode.Sequence(GrammarNode.Literal("\""), content, GrammarNode.Literal("\""));
    }

    private GrammarNode CompileArray(Constraints all)
    {
        int prefix = all.Items.Count == 0 ? 0 : all.Items.Max(rules => rules.Prefix.Count);
        GrammarNode rest = RuleOf(all.Items.Where(rules => rules.Rest is not null).Select(rules => rules.Rest!));
        if (all.MinItems > MaxOptions && prefix > 0)
        {
            throw new SchemaException(all.Path, "minItems", $"{all.MinItems:N0} items with a schema of their own for some are too many.");
        }

        // From the end: what may follow the first n items. Every one of them that is there has a comma before it but the first.
        GrammarNode tail = all.MaxItems <= prefix
            ? GrammarNode.Empty
            : prefix == 0
                ? ItemsFromTheFirst()
                : GrammarNode.Repeat(GrammarNode.Sequence(JsonGrammar.Comma, rest), Math.Max(all.MinItems - prefix, 0), all.MaxItems - prefix);
        for (int i = Math.Min(prefix, all.MaxItems ?? prefix) - 1; i >= 0; i--)
        {
            int index = i;
            GrammarNode item = RuleOf(all.Items.Select(rules => index < rules.Prefix.Count ? rules.Prefix[index] : rules.Rest).OfType<string>());
            var more = new GrammarRule("more items")
            {
                Body = i == 0 ? GrammarNode.Sequence(item, tail) : GrammarNode.Sequence(JsonGrammar.Comma, item, tail),
            };
            tail = i < all.MinItems ? more : GrammarNode.Optional(more);
        }

        return GrammarNode.Sequence(GrammarNode.Literal("["), tail, GrammarNode.Literal("]"));

        GrammarNode ItemsFromTheFirst()
        {
            GrammarNode items = GrammarNode.Sequence(
                rest, GrammarNode.Repeat(GrammarNode.Sequence(JsonGrammar.Comma, rest), Math.Max(all.MinItems - 1, 0), all.MaxItems - 1));
            return all.MinItems > 0 ? items : GrammarNode.Optional(items);
        }
    }

    private GrammarNode CompileObject(Constraints all)
    {
        if (all.MinProperties > all.MaxProperties || all.Required.Count > all.MaxProperties)
        {
            return GrammarNode.Nothing;
        }

        CodePointDfa? names = NamesOf(all);
        string[] declared = [.. all.Properties.SelectMany(rules => rules.Declared.Select(pair => pair.Key)).Union(all.Required)];
        var required = new HashSet<string>(all.Required, StringComparer.Ordinal);
        if (required.Any(name => names?.Contains(name) == false))
        {
            return GrammarNode.Nothing;
        }

        // Where there may not be as many, the last optional ones are left out.
        int room = (all.MaxProperties ?? int.MaxValue) - required.Count;
        var members = new List<(GrammarNode Member, bool IsRequired)>();
        int optional = 0;
        foreach (string name in declared)
        {
            if (required.Contains(name) || (names?.Contains(name) != false && optional++ < room))
            {
                members.Add((
                    GrammarNode.Sequence(GrammarNode.Literal(JsonGrammar.Quote(name) + ":"), JsonGrammar.Space, RuleOf(all.PropertyPlaces(name))),
                    required.Contains(name)));
            }
        }

        int extraMin = Math.Max(all.MinProperties - required.Count, 0);
        int? extraMax = all.MaxProperties is { } max ? Math.Max(max - Math.Min(members.Count, max), 0) : null;
        List<(GrammarNode Member, bool IsRepeatable)> extras = extraMax == 0 ? [] : ExtrasOf(all, declared, names);
        if (extraMin > 0)
        {
            // Optional ones first count towards the least number: they become required.
            for (int i = 0; i < members.Count && extraMin > 0; i++)
            {
                if (!members[i].IsRequired)
                {
                    members[i] = (members[i].Member, true);
                    extraMin--;
                }
            }

            if (extraMin > 0 && !extras.Any(extra => extra.IsRepeatable))
            {
                throw new SchemaException(all.Path, "minProperties", "so many properties with names that the schema does not declare cannot be made sure of.");
            }
        }

        return GrammarNode.Sequence(GrammarNode.Literal("{"), Members(members, Extras(extras, extraMin, extraMax)), GrammarNode.Literal("}"));
    }

    // Two rules for each place: whether a member was written before it, so that a comma is due, or none was.
    private static GrammarNode Members(List<(GrammarNode Member, bool IsRequired)> members, (GrammarNode First, GrammarNode Next) extras)
    {
        (GrammarNode first, GrammarNode next) = extras;
        for (int i = members.Count - 1; i >= 0; i--)
        {
            (GrammarNode member, bool isRequired) = members[i];
            GrammarNode begin = GrammarNode.Sequence(member, next);
            GrammarNode goOn = GrammarNode.Sequence(JsonGrammar.Comma, member, next);
            first = new GrammarRule("members") { Body = isRequired ? begin : GrammarNode.Choice(begin, first) };
            next = new GrammarRule("more members") { Body = isRequired ? goOn : GrammarNode.Choice(goOn, next) };
        }

        return first;
    }

    // What comes after the declared members: one of each that may come once, then those that may come again and again.
    private static (GrammarNode First, GrammarNode Next) Extras(List<(GrammarNode Member, bool IsRepeatable)> extras, int min, int? max)
    {
        GrammarNode first = GrammarNode.Empty;
        GrammarNode next = GrammarNode.Empty;
        GrammarNode[] repeatable = [.. extras.Where(extra => extra.IsRepeatable).Select(extra => extra.Member)];
        if (repeatable.Length > 0)
        {
            GrammarNode member = GrammarNode.Choice(repeatable);
            GrammarNode more = GrammarNode.Sequence(JsonGrammar.Comma, member);
            GrammarNode all = GrammarNode.Sequence(member, GrammarNode.Repeat(more, Math.Max(min - 1, 0), max - 1));
            first = min > 0 ? all : GrammarNode.Optional(all);
            next = GrammarNode.Repeat(more, min, max);
        }

        // How many came once is not counted, so where there is a most, those that repeat are enough.
        int room = max is null ? int.MaxValue : repeatable.Length > 0 ? 0 : max.Value;
        foreach (GrammarNode member in extras.Where(extra => !extra.IsRepeatable).Select(extra => extra.Member).Take(room))
        {
            first = GrammarNode.Choice(GrammarNode.Sequence(member, next), first);
            next = GrammarNode.Sequence(GrammarNode.Optional(GrammarNode.Sequence(JsonGrammar.Comma, member)), next);
        }

        return (first, next);
    }

    /// <summary>Members with names that the schema does not declare.</summary>
    private List<(GrammarNode Member, bool IsRepeatable)> ExtrasOf(Constraints all, string[] declared, CodePointDfa? names)
    {
        var extras = new List<(GrammarNode, bool)>();
        (string Pattern, string Schema)[] matching = [.. all.Properties.SelectMany(rules => rules.Matching)];
        string[] additional = [.. all.Properties.Select(rules => rules.Additional).OfType<string>()];
        bool isAsked = (declared.Length + matching.Length == 0 || all.MinProperties > 0 || additional.Length > 0)
            && _reader.Read(additional).Count > 0;
        if (!isAsked && matching.Length == 0)
        {
            return extras;
        }

        CodePointDfa free = CodePointDfa.AnyOf(JsonGrammar.TextCharacters.Except(CodePointSet.Of((0, 0x1F)))).Intersect(CodePointDfa.OfTexts(declared).Complement());
        if (names is not null)
        {
            free = Constraints.Guard(all.Path, "propertyNames", () => free.Intersect(names));
        }

        // One with a name that a pattern has and no other, for each pattern.
        CodePointDfa none = free;
        foreach ((string pattern, string schema) in matching)
        {
            none = Constraints.Guard(all.Path, "patternProperties", () => none.Intersect(Pattern.Search(pattern, isWide: true).Complement()));
        }

        for (int i = 0; i < matching.Length; i++)
        {
            CodePointDfa one = Constraints.Guard(all.Path, "patternProperties", () => free.Intersect(Pattern.Search(matching[i].Pattern)));
            for (int j = 0; j < matching.Length; j++)
            {
                if (j != i && matching[j].Pattern != matching[i].Pattern)
                {
                    int rival = j;
                    one = Constraints.Guard(all.Path, "patternProperties", () => one.Intersect(Pattern.Search(matching[rival].Pattern, isWide: true).Complement()));
                }
            }

            int chosen = i;
            bool isFirst = !matching.Take(i).Any(entry => entry.Pattern == matching[chosen].Pattern);
            if (isFirst && !one.IsEmpty)
            {
                // For each schema that speaks of properties: those of the pattern, or what it says of others.
                IEnumerable<string> places = all.Properties.SelectMany(rules =>
                    rules.Matching.Any(entry => entry.Pattern == matching[chosen].Pattern)
                        ? rules.Matching.Where(entry => entry.Pattern == matching[chosen].Pattern).Select(entry => entry.Schema)
                        : rules.Additional is { } other ? [other] : []);
                extras.Add((Member(one, RuleOf(places)), false));
            }
        }

        if (isAsked)
        {
            CodePointDfa endless = names is null ? none.Endless() : new CodePointDfa([], []);
            CodePointDfa rest = endless.IsEmpty ? none : endless;
            if (!rest.IsEmpty)
            {
                extras.Add((Member(rest, RuleOf(additional)), !endless.IsEmpty));
            }
        }

        return extras;

        static GrammarNode Member(CodePointDfa names, GrammarNode value) => GrammarNode.Sequence(
            GrammarNode.Literal("\""), GrammarNode.Key(names.ToNode(JsonGrammar.StringCharacter)), GrammarNode.Literal("\":"), JsonGrammar.Space, value);
    }

    /// <summary>The names that properties may have; null: any.</summary>
    private CodePointDfa? NamesOf(Constraints all)
    {
        CodePointDfa? names = null;
        foreach (string place in all.PropertyNames)
        {
            CodePointDfa here = new([], []);
            foreach (Constraints alternative in _reader.Read([place]))
            {
                if (!alternative.Kinds.HasFlag(JsonKinds.String))
                {
                    continue;
                }

                CodePointDfa one = alternative.Values is { } values
                    ? CodePointDfa.OfTexts(values.Where(value => value.ValueKind == JsonValueKind.String && alternative.Allows(value) == true).Select(value => value.GetString()!))
                    : (alternative.FindStrings() ?? CodePointDfa.AnyOf(CodePointSet.All)).Intersect(CodePointDfa.OfLength(alternative.MinLength, alternative.MaxLength));
                here = here.IsEmpty ? one : Constraints.Guard(place, "propertyNames", () => here.Complement().Intersect(one.Complement()).Complement());
            }

            names = names is null ? here : names.Intersect(here);
        }

        return names;
    }
}

/// <summary>One argument of a call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsRequired">Whether it must be there.</param>
/// <param name="Texts">What it may be.</param>
internal sealed record ArgumentTexts(string Name, bool IsRequired, GrammarNode Texts);
