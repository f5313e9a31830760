using Orchard.Templates.Library;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Syntax;

/// <summary>Reads expressions, with Jinja's precedence: a filter binds tighter than any operator, and a sign tighter than <c>**</c>.</summary>
internal sealed class ExpressionParser(TokenStream tokens, ParseContext context)
{
    public Expression Parse(bool allowsCondition = true) => context.NestedExpression(
        tokens.Current.Line, () => allowsCondition ? ParseConditional() : ParseOr());

    /// <summary>One expression, or a tuple of those between commas.</summary>
    public Expression ParseTuple(bool allowsCondition = true, bool isParenthesized = false, string? endName = null)
    {
        int line = tokens.Current.Line;
        var items = new List<Expression>();
        bool isTuple = false;
        while (!IsTupleEnd(endName))
        {
            items.Add(Parse(allowsCondition));
            if (!tokens.SkipOperator(","))
            {
                break;
            }

            isTuple = true;
        }

        if (!isTuple && items.Count == 1)
        {
            return items[0];
        }

        if (!isTuple && !isParenthesized)
        {
            throw tokens.Expected("an expression");
        }

        return context.Made(new ListExpression(line, items, isTuple: true));
    }

    /// <summary>The filters after a block tag; null when there are none.</summary>
    public FilterExpression? ParseBlockFilters(bool startsWithName)
    {
        FilterExpression? filter = null;
        while (startsWithName || tokens.SkipOperator("|"))
        {
            filter = ParseFilter(filter);
            startsWithName = false;
        }

        return filter;
    }

    public ArgumentList ParseArguments()
    {
        int line = tokens.Current.Line;
        tokens.ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<(string Name, Expression Value)>();
        Expression? morePositional = null;
        Expression? moreNamed = null;
        bool needsComma = false;
        while (!tokens.Current.IsOperator(")"))
        {
            if (needsComma)
            {
                tokens.ExpectOperator(",");
                if (tokens.Current.IsOperator(")"))
                {
                    break;
                }
            }

            needsComma = true;
            if (tokens.SkipOperator("*"))
            {
                Require(line, morePositional is null && moreNamed is null);
                morePositional = Parse();
            }
            else if (tokens.SkipOperator("**"))
            {
                Require(line, moreNamed is null);
                moreNamed = Parse();
            }
            else if (tokens.Current.Kind == TokenKind.Name && tokens.Ahead.IsOperator("="))
            {
                string name = tokens.Next().Text;
                tokens.Next();
                Require(line, moreNamed is null && named.TrueForAll(argument => argument.Name != name));
                named.Add((name, Parse()));
            }
            else
            {
                Require(line, morePositional is null && moreNamed is null && named.Count == 0);
                positional.Add(Parse());
            }
        }

        tokens.ExpectOperator(")");
        return needsComma ? new ArgumentList([.. positional], [.. named], morePositional, moreNamed) : ArgumentList.Empty;
    }

    private static void Require(int line, bool holds)
    {
        if (!holds)
        {
            throw TemplateException.At(line, "the arguments of a call are out of order or given twice");
        }
    }

    private bool IsTupleEnd(string? endName) =>
        tokens.Current.Kind is TokenKind.PrintEnd or TokenKind.BlockEnd || tokens.Current.IsOperator(")")
        || (endName is not null && tokens.Current.IsName(endName));

    private Expression ParseConditional()
    {
        int line = tokens.Current.Line;
        int unknown = context.UnknownCount;
        Expression value = ParseOr();
        while (tokens.SkipName("if"))
        {
            Expression test = ParseOr();
            Expression? otherwise = tokens.SkipName("else") ? context.NestedExpression(line, ParseConditional) : null;
            value = context.Made(new ConditionalExpression(line, test, value, otherwise));
            context.ForgetUnknown(unknown);
            line = tokens.Current.Line;
        }

        return value;
    }

    private Expression ParseOr()
    {
        int line = tokens.Current.Line;
        Expression left = ParseAnd();
        while (tokens.SkipName("or"))
        {
            left = context.Made(new OrExpression(line, left, ParseAnd()));
        }

        return left;
    }

    private Expression ParseAnd()
    {
        int line = tokens.Current.Line;
        Expression left = ParseNot();
        while (tokens.SkipName("and"))
        {
            left = context.Made(new AndExpression(line, left, ParseNot()));
        }

        return left;
    }

    private Expression ParseNot()
    {
        int line = tokens.Current.Line;
        return tokens.SkipName("not")
            ? context.Made(new NotExpression(line, context.NestedExpression(line, ParseNot)))
            : ParseComparison();
    }

    private Expression ParseComparison()
    {
        int line = tokens.Current.Line;
        Expression first = ParseSum();
        var rest = new List<(ComparisonOperator Operator, Expression Operand)>();
        while (TryComparison() is { } operation)
        {
            rest.Add((operation, ParseSum()));
        }

        return rest.Count == 0 ? first : context.Made(new CompareExpression(line, first, rest));
    }

    private ComparisonOperator? TryComparison()
    {
        if (tokens.Current.IsName("not") && tokens.Ahead.IsName("in"))
        {
            tokens.Next();
            tokens.Next();
            return ComparisonOperator.NotIn;
        }

        ComparisonOperator? operation = tokens.Current switch
        {
            { Kind: TokenKind.Name, Text: "in" } => ComparisonOperator.In,
            { Kind: TokenKind.Operator, Text: "==" } => ComparisonOperator.Equal,
            { Kind: TokenKind.Operator, Text: "!=" } => ComparisonOperator.NotEqual,
            { Kind: TokenKind.Operator, Text: "<" } => ComparisonOperator.Less,
            { Kind: TokenKind.Operator, Text: "<=" } => ComparisonOperator.LessOrEqual,
            { Kind: TokenKind.Operator, Text: ">" } => ComparisonOperator.Greater,
            { Kind: TokenKind.Operator, Text: ">=" } => ComparisonOperator.GreaterOrEqual,
            _ => null,
        };
        if (operation is not null)
        {
            tokens.Next();
        }

        return operation;
    }

    private Expression ParseSum()
    {
        int line = tokens.Current.Line;
        Expression left = ParseConcat();
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "+" or "-" })
        {
            if (tokens.SkipOperator("-"))
            {
                left = context.Made(new BinaryExpression(line, BinaryOperator.Subtract, left, ParseConcat()));
                continue;
            }

            var parts = new List<Expression> { left };
            while (tokens.SkipOperator("+"))
            {
                parts.Add(ParseConcat());
            }

            left = context.Made(new SumExpression(line, parts));
        }

        return left;
    }

    private Expression ParseConcat()
    {
        int line = tokens.Current.Line;
        var parts = new List<Expression> { ParseProduct() };
        while (tokens.SkipOperator("~"))
        {
            parts.Add(ParseProduct());
        }

        return parts.Count == 1 ? parts[0] : context.Made(new ConcatExpression(line, parts));
    }

    private Expression ParseProduct()
    {
        int line = tokens.Current.Line;
        Expression left = ParsePower();
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" })
        {
            BinaryOperator operation = tokens.Next().Text switch
            {
                "*" => BinaryOperator.Multiply,
                "/" => BinaryOperator.Divide,
                "//" => BinaryOperator.FloorDivide,
                _ => BinaryOperator.Modulo,
            };
            left = context.Made(new BinaryExpression(line, operation, left, ParsePower()));
        }

        return left;
    }

    private Expression ParsePower()
    {
        int line = tokens.Current.Line;
        Expression left = ParseUnary(allowsFilters: true);
        while (tokens.SkipOperator("**"))
        {
            left = context.Made(new BinaryExpression(line, BinaryOperator.Power, left, ParseUnary(allowsFilters: true)));
        }

        return left;
    }

    private Expression ParseUnary(bool allowsFilters)
    {
        int line = tokens.Current.Line;
        Expression value;
        if (tokens.Current is { Kind: TokenKind.Operator, Text: "-" or "+" })
        {
            bool negates = tokens.Next().Text == "-";
            Expression operand = context.NestedExpression(line, () => ParseUnary(allowsFilters: false));
            value = context.Made(new UnaryExpression(line, operand, negates));
        }
        else
        {
            value = ParsePrimary();
        }

        value = ParsePostfix(value);
        return allowsFilters ? ParseFiltersAndTests(value) : value;
    }

    private Expression ParsePrimary()
    {
        Token token = tokens.Next();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new Constant(token.Line, TemplateValue.True),
                    "false" or "False" => new Constant(token.Line, TemplateValue.False),
                    "none" or "None" => new Constant(token.Line, TemplateValue.None),
                    _ => context.Load(token.Line, token.Text),
                };
            case TokenKind.Integer:
                return new Constant(token.Line, TemplateValue.From(token.Integer));
            case TokenKind.Float:
                return new Constant(token.Line, TemplateValue.From(token.Float));
            case TokenKind.String:
                string text = token.Text;
                while (tokens.Current.Kind == TokenKind.String)
                {
                    text += tokens.Next().Text;
                }

                return new Constant(token.Line, TemplateValue.From(text));
            case TokenKind.Operator when token.Text == "(":
                Expression inner = ParseTuple(isParenthesized: true);
                tokens.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ParseList(token.Line);
            case TokenKind.Operator when token.Text == "{":
                return ParseDict(token.Line);
            default:
                throw TemplateException.At(token.Line, $"an expression is missing before {token.Described}");
        }
    }

    private ListExpression ParseList(int line)
    {
        var items = new List<Expression>();
        while (!tokens.Current.IsOperator("]"))
        {
            items.Add(Parse());
            if (!tokens.SkipOperator(","))
            {
                break;
            }
        }

        tokens.ExpectOperator("]");
        return context.Made(new ListExpression(line, items, isTuple: false));
    }

    private DictExpression ParseDict(int line)
    {
        var pairs = new List<(Expression Key, Expression Value)>();
        while (!tokens.Current.IsOperator("}"))
        {
            Expression key = Parse();
            tokens.ExpectOperator(":");
            pairs.Add((key, Parse()));
            if (!tokens.SkipOperator(","))
            {
                break;
            }
        }

        tokens.ExpectOperator("}");
        return context.Made(new DictExpression(line, pairs));
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            int line = tokens.Current.Line;
            if (tokens.SkipOperator("."))
            {
                value = context.Made(ParseMember(line, value));
            }
            else if (tokens.SkipOperator("["))
            {
                value = context.Made(ParseSubscript(line, value));
            }
            else if (tokens.Current.IsOperator("("))
            {
                value = context.Made(new CallExpression(line, value, ParseArguments()));
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ParseMember(int line, Expression value)
    {
        Token member = tokens.Next();
        return member.Kind switch
        {
            TokenKind.Name => new AttributeExpression(line, value, member.Text),
            TokenKind.Integer => new ItemExpression(line, value, new Constant(line, TemplateValue.From(member.Integer))),
            _ => throw TemplateException.At(member.Line, $"a name is missing before {member.Described}"),
        };
    }

    private Expression ParseSubscript(int line, Expression value)
    {
        var keys = new List<Expression>();
        while (!tokens.Current.IsOperator("]"))
        {
            if (keys.Count > 0)
            {
                tokens.ExpectOperator(",");
            }

            Expression? start = tokens.Current.IsOperator(":") ? null : Parse();
            if (!tokens.SkipOperator(":"))
            {
                keys.Add(start!);
                continue;
            }

            Expression? stop = ParseBound();
            Expression? step = tokens.SkipOperator(":") ? ParseBound() : null;
            if (keys.Count > 0 || !tokens.SkipOperator("]"))
            {
                throw tokens.Expected("']'");
            }

            return new SliceExpression(line, value, start, stop, step);
        }

        tokens.ExpectOperator("]");
        return new ItemExpression(line, value, keys.Count == 1 ? keys[0] : new ListExpression(line, keys, isTuple: true));
    }

    private Expression? ParseBound() => tokens.Current is { Kind: TokenKind.Operator, Text: ":" or "]" or "," } ? null : Parse();

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            int line = tokens.Current.Line;
            if (tokens.SkipOperator("|"))
            {
                value = ParseFilter(value);
            }
            else if (tokens.SkipName("is"))
            {
                value = ParseTest(line, value);
            }
            else if (tokens.Current.IsOperator("("))
            {
                value = context.Made(new CallExpression(line, value, ParseArguments()));
            }
            else
            {
                return value;
            }
        }
    }

    private FilterExpression ParseFilter(Expression? value)
    {
        int line = tokens.Current.Line;
        string name = ParseDottedName("the name of a filter");
        ArgumentList arguments = tokens.Current.IsOperator("(") ? ParseArguments() : ArgumentList.Empty;
        if (Filters.Find(name) is null)
        {
            context.Unknown(line, $"filter '{name}'");
        }

        return context.Made(new FilterExpression(line, value, name, arguments));
    }

    private Expression ParseTest(int line, Expression value)
    {
        bool negated = tokens.SkipName("not");
        string name = ParseDottedName("the name of a test");
        ArgumentList arguments = ArgumentList.Empty;
        Token next = tokens.Current;
        if (next.IsOperator("("))
        {
            arguments = ParseArguments();
        }
        else if ((next.Kind is TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float
            || next is { Kind: TokenKind.Operator, Text: "[" or "{" })
            && next is not { Kind: TokenKind.Name, Text: "else" or "or" or "and" })
        {
            if (next.IsName("is"))
            {
                throw TemplateException.At(next.Line, "a test cannot follow a test");
            }

            arguments = new ArgumentList([context.NestedExpression(line, () => ParsePostfix(ParsePrimary()))], [], null, null);
        }

        if (Tests.Find(name) is null)
        {
            context.Unknown(line, $"test '{name}'");
        }

        Expression test = context.Made(new TestExpression(line, value, name, arguments));
        return negated ? context.Made(new NotExpression(line, test)) : test;
    }

    private string ParseDottedName(string what)
    {
        string name = tokens.Expect(TokenKind.Name, what).Text;
        while (tokens.SkipOperator("."))
        {
            name += "." + tokens.Expect(TokenKind.Name, what).Text;
        }

        return name;
    }
}
