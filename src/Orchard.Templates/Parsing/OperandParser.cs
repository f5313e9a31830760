using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Limits;
using Orchard.Templates.Syntax;
using Orchard.Templates.Values;

namespace Orchard.Templates.Parsing;

/// <summary>Parses the operands of operators.</summary>
internal sealed class OperandParser(TokenStream tokens, ParseContext context, IExpressionParser expressions, ArgumentParser arguments)
{
    /// <summary>Parses a literal, a name, or an expression in brackets.</summary>
    public Expression ParsePrimary()
    {
        Token token = tokens.Next();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new ConstantExpression(token.Line, TemplateValue.True),
                    "false" or "False" => new ConstantExpression(token.Line, TemplateValue.False),
                    "none" or "None" => new ConstantExpression(token.Line, TemplateValue.None),
                    _ => context.Load(token.Line, token.Text),
                };
            case TokenKind.Integer:
                return new ConstantExpression(token.Line, TemplateValue.From(token.Integer));
            case TokenKind.Float:
                return new ConstantExpression(token.Line, TemplateValue.From(token.Float));
            case TokenKind.String:
                string text = token.Text;
                while (tokens.Current.Kind == TokenKind.String)
                {
                    text += tokens.Next().Text;
                }

                return new ConstantExpression(token.Line, TemplateValue.From(text));
            case TokenKind.Operator when token.Text == "(":
                Expression inner = expressions.ParseTuple(isParenthesized: true);
                tokens.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ParseList(token.Line);
            case TokenKind.Operator when token.Text == "{":
                return ParseDict(token.Line);
            default:
                throw TemplateException.At(token.Line, $"an expression is missing before {token.Description}");
        }
    }

    /// <summary>Parses the attributes, subscripts and calls after an expression.</summary>
    public Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            int line = tokens.Current.Line;
            if (tokens.SkipOperator("."))
            {
                value = context.Checked(ParseMember(line, value));
            }
            else if (tokens.SkipOperator("["))
            {
                value = context.Checked(ParseSubscript(line, value));
            }
            else if (tokens.Current.IsOperator("("))
            {
                value = context.Checked(new CallExpression(line, value, arguments.Parse()));
            }
            else
            {
                return value;
            }
        }
    }

    private ListExpression ParseList(int line)
    {
        var items = new List<Expression>();
        while (!tokens.Current.IsOperator("]"))
        {
            items.Add(expressions.Parse());
            if (!tokens.SkipOperator(","))
            {
                break;
            }
        }

        tokens.ExpectOperator("]");
        return context.Checked(new ListExpression(line, items, isTuple: false));
    }

    private DictExpression ParseDict(int line)
    {
        var pairs = new List<(Expression Key, Expression Value)>();
        while (!tokens.Current.IsOperator("}"))
        {
            Expression key = expressions.Parse();
            tokens.ExpectOperator(":");
            pairs.Add((key, expressions.Parse()));
            if (!tokens.SkipOperator(","))
            {
                break;
            }
        }

        tokens.ExpectOperator("}");
        return context.Checked(new DictExpression(line, pairs));
    }

    private Expression ParseMember(int line, Expression value)
    {
        Token member = tokens.Next();
        return member.Kind switch
        {
            TokenKind.Name => new AttributeExpression(line, value, member.Text),
            TokenKind.Integer => new ItemExpression(line, value, new ConstantExpression(line, TemplateValue.From(member.Integer))),
            _ => throw TemplateException.At(member.Line, $"a name is missing before {member.Description}"),
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

            Expression? start = tokens.Current.IsOperator(":") ? null : expressions.Parse();
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

    private Expression? ParseBound() =>
        tokens.Current is { Kind: TokenKind.Operator, Text: ":" or "]" or "," } ? null : expressions.Parse();
}
