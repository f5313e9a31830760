using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Operations;
using Orchard.Templates.Syntax;

namespace Orchard.Templates.Parsing;

/// <summary>
/// Parses expressions with Jinja's precedence: a filter binds tighter than any operator, and a sign tighter than <c>**</c>.
/// </summary>
internal sealed class ExpressionParser : IExpressionParser
{
    private readonly TokenStream _tokens;
    private readonly ParseContext _context;
    private readonly OperandParser _operands;
    private readonly FilterParser _filters;

    public ExpressionParser(TokenStream tokens, ParseContext context)
    {
        _tokens = tokens;
        _context = context;
        var arguments = new ArgumentParser(tokens, this);
        _operands = new OperandParser(tokens, context, this, arguments);
        _filters = new FilterParser(tokens, context, _operands, arguments);
    }

    /// <summary>Parses the filters after a block tag; returns null when there are none.</summary>
    /// <param name="startsWithName">Whether the first filter has no <c>|</c> before it.</param>
    public FilterExpression? ParseBlockFilters(bool startsWithName) => _filters.ParseBlockFilters(startsWithName);

    public Expression Parse(bool allowsCondition = true) => _context.NestedExpression(
        _tokens.Current.Line, () => allowsCondition ? ParseConditional() : ParseOr());

    public Expression ParseTuple(bool allowsCondition = true, bool isParenthesized = false, string? endName = null)
    {
        int line = _tokens.Current.Line;
        var items = new List<Expression>();
        bool isTuple = false;
        while (!IsTupleEnd(endName))
        {
            items.Add(Parse(allowsCondition));
            if (!_tokens.SkipOperator(","))
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
            throw _tokens.Expected("an expression");
        }

        return _context.Checked(new ListExpression(line, items, isTuple: true));
    }

    private bool IsTupleEnd(string? endName) =>
        _tokens.Current.Kind is TokenKind.PrintEnd or TokenKind.BlockEnd || _tokens.Current.IsOperator(")")
        || (endName is not null && _tokens.Current.IsName(endName));

    private Expression ParseConditional()
    {
        int line = _tokens.Current.Line;
        int unknown = _context.UnknownCount;
        Expression value = ParseOr();
        while (_tokens.SkipName("if"))
        {
            Expression test = ParseOr();
            Expression? otherwise = _tokens.SkipName("else") ? _context.NestedExpression(line, ParseConditional) : null;
            value = _context.Checked(new ConditionalExpression(line, test, value, otherwise));
            _context.ForgetUnknown(unknown);
            line = _tokens.Current.Line;
        }

        return value;
    }

    private Expression ParseOr()
    {
        int line = _tokens.Current.Line;
        Expression left = ParseAnd();
        while (_tokens.SkipName("or"))
        {
            left = _context.Checked(new OrExpression(line, left, ParseAnd()));
        }

        return left;
    }

    private Expression ParseAnd()
    {
        int line = _tokens.Current.Line;
        Expression left = ParseNot();
        while (_tokens.SkipName("and"))
        {
            left = _context.Checked(new AndExpression(line, left, ParseNot()));
        }

        return left;
    }

    private Expression ParseNot()
    {
        int line = _tokens.Current.Line;
        return _tokens.SkipName("not")
            ? _context.Checked(new NotExpression(line, _context.NestedExpression(line, ParseNot)))
            : ParseComparison();
    }

    private Expression ParseComparison()
    {
        int line = _tokens.Current.Line;
        Expression first = ParseSum();
        var rest = new List<(ComparisonOperator Operator, Expression Operand)>();
        while (ReadComparison() is { } operation)
        {
            rest.Add((operation, ParseSum()));
        }

        return rest.Count == 0 ? first : _context.Checked(new CompareExpression(line, first, rest));
    }

    private ComparisonOperator? ReadComparison()
    {
        if (_tokens.Current.IsName("not") && _tokens.Ahead.IsName("in"))
        {
            _tokens.Next();
            _tokens.Next();
            return ComparisonOperator.NotIn;
        }

        ComparisonOperator? operation = _tokens.Current switch
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
            _tokens.Next();
        }

        return operation;
    }

    private Expression ParseSum()
    {
        int line = _tokens.Current.Line;
        Expression left = ParseConcat();
        while (_tokens.Current is { Kind: TokenKind.Operator, Text: "+" or "-" })
        {
            if (_tokens.SkipOperator("-"))
            {
                left = _context.Checked(new BinaryExpression(line, BinaryOperator.Subtract, left, ParseConcat()));
                continue;
            }

            var parts = new List<Expression> { left };
            while (_tokens.SkipOperator("+"))
            {
                parts.Add(ParseConcat());
            }

            left = _context.Checked(new SumExpression(line, parts));
        }

        return left;
    }

    private Expression ParseConcat()
    {
        int line = _tokens.Current.Line;
        var parts = new List<Expression> { ParseProduct() };
        while (_tokens.SkipOperator("~"))
        {
            parts.Add(ParseProduct());
        }

        return parts.Count == 1 ? parts[0] : _context.Checked(new ConcatExpression(line, parts));
    }

    private Expression ParseProduct()
    {
        int line = _tokens.Current.Line;
        Expression left = ParsePower();
        while (_tokens.Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" })
        {
            BinaryOperator operation = _tokens.Next().Text switch
            {
                "*" => BinaryOperator.Multiply,
                "/" => BinaryOperator.Divide,
                "//" => BinaryOperator.FloorDivide,
                _ => BinaryOperator.Modulo,
            };
            left = _context.Checked(new BinaryExpression(line, operation, left, ParsePower()));
        }

        return left;
    }

    private Expression ParsePower()
    {
        int line = _tokens.Current.Line;
        Expression left = ParseUnary(allowsFilters: true);
        while (_tokens.SkipOperator("**"))
        {
            left = _context.Checked(new BinaryExpression(line, BinaryOperator.Power, left, ParseUnary(allowsFilters: true)));
        }

        return left;
    }

    private Expression ParseUnary(bool allowsFilters)
    {
        int line = _tokens.Current.Line;
        Expression value;
        if (_tokens.Current is { Kind: TokenKind.Operator, Text: "-" or "+" })
        {
            bool negates = _tokens.Next().Text == "-";
            Expression operand = _context.NestedExpression(line, () => ParseUnary(allowsFilters: false));
            value = _context.Checked(new UnaryExpression(line, operand, negates));
        }
        else
        {
            value = _operands.ParsePrimary();
        }

        value = _operands.ParsePostfix(value);
        return allowsFilters ? _filters.ParseFiltersAndTests(value) : value;
    }
}
