using Orchard.Templates.Limits;
using Orchard.Templates.Syntax;

namespace Orchard.Templates.Parsing;

/// <summary>Parses the names that statements set.</summary>
internal sealed class TargetParser(TokenStream tokens, ParseContext context)
{
    /// <summary>Parses a name or a tuple of names.</summary>
    /// <param name="endName">A name that ends the tuple; null for none.</param>
    public TargetPattern ParsePattern(string? endName)
    {
        int line = tokens.Current.Line;
        var parts = new List<TargetPattern>();
        bool isTuple = false;
        while (!(parts.Count > 0 && (tokens.Current.IsOperator(")") || (endName is not null && tokens.Current.IsName(endName)))))
        {
            if (tokens.SkipOperator("("))
            {
                parts.Add(context.NestedExpression(line, () => ParsePattern(null)));
                tokens.ExpectOperator(")");
            }
            else
            {
                parts.Add(new TargetPattern(line, ParseName(), []));
            }

            if (!tokens.SkipOperator(","))
            {
                break;
            }

            isTuple = true;
        }

        return isTuple ? new TargetPattern(line, null, [.. parts]) : parts[0];
    }

    /// <summary>Parses a name that can be set.</summary>
    public string ParseName()
    {
        Token token = tokens.Expect(TokenKind.Name, "a name");
        return IsConstant(token.Text) ? throw TemplateException.At(token.Line, $"'{token.Text}' cannot be set") : token.Text;
    }

    private static bool IsConstant(string name) => name is "true" or "false" or "none" or "True" or "False" or "None";
}
