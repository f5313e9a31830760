namespace Orchard.Templates.Syntax;

/// <summary>A token of a template.</summary>
/// <param name="Kind">The kind of the token.</param>
/// <param name="Text">The name, operator, number or plain text; the unescaped value of a string literal.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Integer">The value of an integer.</param>
/// <param name="Float">The value of a float.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Line, long Integer = 0, double Float = 0)
{
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    public bool IsOperator(string symbol) => Kind == TokenKind.Operator && Text == symbol;

    /// <summary>The token in error messages.</summary>
    public string Description => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.Data => "text",
        TokenKind.PrintBegin => "'{{'",
        TokenKind.PrintEnd => "'}}'",
        TokenKind.BlockBegin => "'{%'",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.String => "a string literal",
        TokenKind.Integer or TokenKind.Float => "a number",
        _ => $"'{Text}'",
    };
}
