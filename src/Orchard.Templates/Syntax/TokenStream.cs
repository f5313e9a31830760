using Orchard.Templates.Limits;

namespace Orchard.Templates.Syntax;

/// <summary>The tokens of a template, with a position.</summary>
internal sealed class TokenStream(List<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Ahead => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public Token Next()
    {
        Token token = tokens[_at];
        if (_at < tokens.Count - 1)
        {
            _at++;
        }

        return token;
    }

    /// <summary>Returns whether a name is the last token of the current tag.</summary>
    public bool TagEndsWith(string name)
    {
        int end = tokens.FindIndex(_at, token => token.Kind is TokenKind.BlockEnd or TokenKind.End);
        int last = end > 0 && tokens[end - 1].IsOperator(":") ? end - 2 : end - 1;
        return last >= _at && tokens[last].IsName(name);
    }

    public bool SkipName(string name)
    {
        bool found = Current.IsName(name);
        if (found)
        {
            Next();
        }

        return found;
    }

    public bool SkipOperator(string symbol)
    {
        bool found = Current.IsOperator(symbol);
        if (found)
        {
            Next();
        }

        return found;
    }

    public Token Expect(TokenKind kind, string what) => Current.Kind == kind ? Next() : throw Expected(what);

    public void ExpectOperator(string symbol)
    {
        if (!SkipOperator(symbol))
        {
            throw Expected($"'{symbol}'");
        }
    }

    public void ExpectName(string name)
    {
        if (!SkipName(name))
        {
            throw Expected($"'{name}'");
        }
    }

    /// <summary>Returns the error for a missing token or construct.</summary>
    public TemplateException Expected(string what) => TemplateException.At(Current.Line, $"{what} is missing before {Current.Description}");
}
