using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Orchard.Grammars.Schemas;

/// <summary>The parts that JSON texts are made of. Everything is written in one way alone, so that equal strings are equal texts.</summary>
internal static class JsonGrammar
{
    /// <summary>Digits before the point of a number whose size nothing limits; more than these a double does not tell apart.</summary>
    private const int MaxDigits = 15;

    /// <summary>The largest number that is ever written, but for one that a schema names.</summary>
    public const decimal LargestNumber = 999_999_999_999_999;

    /// <summary>What a string of no pattern may hold: no control characters but those that JSON has a short escape for.</summary>
    public static CodePointSet TextCharacters { get; } = CodePointSet.Of((0x20, 0x7E), (0xA0, CodePointSet.Largest)).Union(CodePointSet.Of("\b\t\n\f\r"));

    public static GrammarNode Digits(int min, int? max) => GrammarNode.Repeat(GrammarNode.Characters(CodePointSet.Of(('0', '9'))), min, max);

    /// <summary>What follows a comma or a colon: nothing, or one space.</summary>
    public static GrammarNode Space { get; } = GrammarNode.Optional(GrammarNode.Literal(" "));

    public static GrammarNode Comma { get; } = GrammarNode.Sequence(GrammarNode.Literal(","), Space);

    /// <summary>One character inside a JSON string.</summary>
    public static GrammarNode StringCharacter(CodePointSet set)
    {
        CodePointSet escaped = CodePointSet.Of((0, 0x1F)).Union(CodePointSet.Of("\"\\")).Intersect(set);
        CodePointSet plain = set.Except(escaped);
        var options = new List<GrammarNode>();
        if (!plain.IsEmpty)
        {
            options.Add(GrammarNode.Characters(plain));
        }

        foreach ((int first, int last) in escaped.Ranges)
        {
            for (int codePoint = first; codePoint <= last; codePoint++)
            {
                options.Add(GrammarNode.Literal(Escape((char)codePoint)));
            }
        }

        return GrammarNode.Choice(options);
    }

    /// <summary>A string as JSON, with quotes.</summary>
    public static GrammarNode String(string text) => GrammarNode.Literal(Quote(text));

    public static string Quote(string text) =>
        $"\"{string.Concat(text.Select(c => c is '"' or '\\' or < ' ' ? Escape(c) : c.ToString()))}\"";

    /// <summary>A JSON value as it stands, without the white space between its parts.</summary>
    public static string Write(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(member => $"{Quote(member.Name)}:{Write(member.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Write))}]",
        JsonValueKind.String => Quote(value.GetString()!),
        _ => value.GetRawText(),
    };

    /// <summary>Any number, small enough for everybody to read.</summary>
    public static GrammarNode AnyNumber() => GrammarNode.Sequence(
        GrammarNode.Optional(GrammarNode.Literal("-")),
        GrammarNode.Choice(
            GrammarNode.Literal("0"),
            GrammarNode.Sequence(GrammarNode.Characters(CodePointSet.Of(('1', '9'))), Digits(0, MaxDigits - 1))),
        GrammarNode.Optional(GrammarNode.Sequence(GrammarNode.Literal("."), Digits(1, 6))));

    /// <summary>The whole numbers within bounds, that are <paramref name="multipleOf"/> times another.</summary>
    public static GrammarNode Integers(BigInteger? min, BigInteger? max, int multipleOf)
    {
        BigInteger limit = new(LargestNumber);
        BigInteger low = BigInteger.Max(min ?? -limit, -limit);
        BigInteger high = BigInteger.Min(max ?? limit, limit);
        var options = new List<GrammarNode>();
        if (low <= 0 && high >= 0)
        {
            options.Add(GrammarNode.Literal("0"));
        }

        if (high > 0)
        {
            options.Add(Positive(BigInteger.Max(low, 1), high, multipleOf));
        }

        if (low < 0)
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Literal("-"), Positive(BigInteger.Max(-high, 1), -low, multipleOf)));
        }

        return GrammarNode.Choice(options);
    }

    /// <summary>Decimal numbers within bounds, of at most six places.</summary>
    public static GrammarNode Decimals(decimal? min, bool isMinExclusive, decimal? max, bool isMaxExclusive)
    {
        const int Scale = 1_000_000;
        BigInteger limit = new BigInteger(LargestNumber) * Scale;
        BigInteger low = min is { } least ? Ceiling(least) + (isMinExclusive && IsExact(least) ? 1 : 0) : -limit;
        BigInteger high = max is { } most ? Floor(most) - (isMaxExclusive && IsExact(most) ? 1 : 0) : limit;
        var options = new List<GrammarNode>();
        if (low <= 0 && high >= 0)
        {
            options.Add(GrammarNode.Literal("0"));
        }

        if (high > 0)
        {
            options.Add(PositiveDecimal(BigInteger.Max(low, 1), high));
        }

        if (low < 0)
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Literal("-"), PositiveDecimal(BigInteger.Max(-high, 1), -low)));
        }

        return GrammarNode.Choice(options);

        static BigInteger Floor(decimal value) => new BigInteger(decimal.Floor(value)) * Scale + new BigInteger(decimal.Floor((value - decimal.Floor(value)) * Scale));

        static BigInteger Ceiling(decimal value) => -Floor(-value);

        static bool IsExact(decimal value) => Floor(value) == Ceiling(value);

        static GrammarNode PositiveDecimal(BigInteger low, BigInteger high)
        {
            if (low > high)
            {
                return GrammarNode.Nothing;
            }

            BigInteger first = BigInteger.DivRem(low, Scale, out BigInteger firstRest);
            BigInteger last = BigInteger.DivRem(high, Scale, out BigInteger lastRest);
            if (first == last)
            {
                return WithPlaces(first, firstRest, lastRest);
            }

            var options = new List<GrammarNode> { WithPlaces(first, firstRest, Scale - 1), WithPlaces(last, 0, lastRest) };
            if (last - first > 1)
            {
                options.Add(GrammarNode.Sequence(
                    Positive(first + 1, last - 1, 1), GrammarNode.Optional(GrammarNode.Sequence(GrammarNode.Literal("."), Digits(1, 6)))));
            }

            return GrammarNode.Choice(options);
        }

        static GrammarNode WithPlaces(BigInteger whole, BigInteger low, BigInteger high)
        {
            GrammarNode start = GrammarNode.Literal(whole.ToString(CultureInfo.InvariantCulture));
            GrammarNode places = GrammarNode.Sequence(GrammarNode.Literal("."), SameLength(Padded(low), Padded(high)));
            return GrammarNode.Sequence(start, low.IsZero ? GrammarNode.Optional(places) : places);
        }

        static string Padded(BigInteger value) => value.ToString(CultureInfo.InvariantCulture).PadLeft(6, '0');
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };

    private static GrammarNode Positive(BigInteger low, BigInteger high, int multipleOf)
    {
        if (low > high)
        {
            return GrammarNode.Nothing;
        }

        if (multipleOf > 1)
        {
            return Multiples(low, high, multipleOf);
        }

        var options = new List<GrammarNode>();
        for (BigInteger from = low; from <= high;)
        {
            int digits = from.ToString(CultureInfo.InvariantCulture).Length;
            BigInteger to = BigInteger.Min(high, BigInteger.Pow(10, digits) - 1);
            options.Add(SameLength(from.ToString(CultureInfo.InvariantCulture), to.ToString(CultureInfo.InvariantCulture)));
            from = to + 1;
        }

        return GrammarNode.Choice(options);
    }

    // One state for each number of digits to come, each comparison with the bounds, and each remainder.
    private static GrammarNode Multiples(BigInteger low, BigInteger high, int multipleOf)
    {
        var options = new List<GrammarNode>();
        for (BigInteger from = low; from <= high;)
        {
            string first = from.ToString(CultureInfo.InvariantCulture);
            BigInteger to = BigInteger.Min(high, BigInteger.Pow(10, first.Length) - 1);
            options.Add(Rest(first, to.ToString(CultureInfo.InvariantCulture), []));
            from = to + 1;
        }

        return GrammarNode.Choice(options);

        GrammarNode Rest(string first, string last, Dictionary<(int, int, bool, bool), GrammarRule> known)
        {
            return Go(0, 0, true, true);

            GrammarNode Go(int place, int remainder, bool atLow, bool atHigh)
            {
                if (place == first.Length)
                {
                    return remainder == 0 ? GrammarNode.Empty : GrammarNode.Nothing;
                }

                if (known.TryGetValue((place, remainder, atLow, atHigh), out GrammarRule? rule))
                {
                    return rule;
                }

                known.Add((place, remainder, atLow, atHigh), rule = new GrammarRule("multiple"));
                var digits = new List<GrammarNode>();
                for (char digit = atLow ? first[place] : '0'; digit <= (atHigh ? last[place] : '9'); digit++)
                {
                    digits.Add(GrammarNode.Sequence(
                        GrammarNode.Literal(digit.ToString()),
                        Go(place + 1, ((remainder * 10) + (digit - '0')) % multipleOf, atLow && digit == first[place], atHigh && digit == last[place])));
                }

                rule.Body = GrammarNode.Choice(digits);
                return rule;
            }
        }
    }

    /// <summary>The texts of digits from one to another of the same length.</summary>
    private static GrammarNode SameLength(string first, string last)
    {
        if (first.Length == 0)
        {
            return GrammarNode.Empty;
        }

        if (first[0] == last[0])
        {
            return GrammarNode.Sequence(GrammarNode.Literal(first[..1]), SameLength(first[1..], last[1..]));
        }

        int rest = first.Length - 1;
        char from = first[0];
        char to = last[0];
        var options = new List<GrammarNode>();
        if (first.AsSpan(1).ContainsAnyExcept('0'))
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Literal(first[..1]), SameLength(first[1..], new string('9', rest))));
            from++;
        }

        if (last.AsSpan(1).ContainsAnyExcept('9'))
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Literal(last[..1]), SameLength(new string('0', rest), last[1..])));
            to--;
        }

        if (from <= to)
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Characters(CodePointSet.Of((from, to))), Digits(rest, rest)));
        }

        return GrammarNode.Choice(options);
    }
}
