using Orchard.Templates.Evaluation.Expressions;
using Orchard.Templates.Limits;
using Orchard.Templates.Syntax;

namespace Orchard.Templates.Parsing;

/// <summary>Parses the arguments of calls, filters and tests.</summary>
internal sealed class ArgumentParser(TokenStream tokens, IExpressionParser expressions)
{
    public ArgumentList Parse()
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
                morePositional = expressions.Parse();
            }
            else if (tokens.SkipOperator("**"))
            {
                Require(line, moreNamed is null);
                moreNamed = expressions.Parse();
            }
            else if (tokens.Current.Kind == TokenKind.Name && tokens.Ahead.IsOperator("="))
            {
                string name = tokens.Next().Text;
                tokens.Next();
                Require(line, moreNamed is null && named.TrueForAll(argument => argument.Name != name));
                named.Add((name, expressions.Parse()));
            }
            else
            {
                Require(line, morePositional is null && moreNamed is null && named.Count == 0);
                positional.Add(expressions.Parse());
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
}
