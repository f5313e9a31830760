using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Library;
using Orchard.Templates.Limits;
using Orchard.Templates.Syntax;

namespace Orchard.Templates.Parsing;

/// <summary>Parses filters and tests.</summary>
internal sealed class FilterParser(TokenStream tokens, ParseContext context, OperandParser operands, ArgumentParser arguments)
{
    /// <summary>Parses the filters and tests after an expression.</summary>
    public Expression ParseFiltersAndTests(Expression value)
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
                value = context.Checked(new CallExpression(line, value, arguments.Parse()));
            }
            else
            {
                return value;
            }
        }
    }

    /// <summary>Parses the filters after a block tag; returns null when there are none.</summary>
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

    private FilterExpression ParseFilter(Expression? value)
    {
        int line = tokens.Current.Line;
        string name = ParseDottedName("the name of a filter");
        ArgumentList given = tokens.Current.IsOperator("(") ? arguments.Parse() : ArgumentList.Empty;
        if (FilterTable.Find(name) is null)
        {
            context.Unknown(line, $"filter '{name}'");
        }

        return context.Checked(new FilterExpression(line, value, name, given));
    }

    private Expression ParseTest(int line, Expression value)
    {
        bool negated = tokens.SkipName("not");
        string name = ParseDottedName("the name of a test");
        ArgumentList given = ArgumentList.Empty;
        Token next = tokens.Current;
        if (next.IsOperator("("))
        {
            given = arguments.Parse();
        }
        else if ((next.Kind is TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float
            || next is { Kind: TokenKind.Operator, Text: "[" or "{" })
            && next is not { Kind: TokenKind.Name, Text: "else" or "or" or "and" })
        {
            if (next.IsName("is"))
            {
                throw TemplateException.At(next.Line, "a test cannot directly follow another test");
            }

            Expression operand = context.NestedExpression(line, () => operands.ParsePostfix(operands.ParsePrimary()));
            given = new ArgumentList([operand], [], null, null);
        }

        if (TestTable.Find(name) is null)
        {
            context.Unknown(line, $"test '{name}'");
        }

        Expression test = context.Checked(new TestExpression(line, value, name, given));
        return negated ? context.Checked(new NotExpression(line, test)) : test;
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
