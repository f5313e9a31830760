namespace Orchard.Templates.Syntax;

internal enum TokenKind : byte
{
    End,
    Data,
    PrintBegin,
    PrintEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
}

/// <summary>A piece of a template. <see cref="Text"/> is a name, an operator, plain text, or what a quoted text says.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Line, long Integer = 0, double Float = 0)
{
    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;

    public bool IsOperator(string symbol) => Kind == TokenKind.Operator && Text == symbol;

    /// <summary>As it is named in an error.</summary>
    public string Described => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.Data => "text",
        TokenKind.PrintBegin => "'{{'",
        TokenKind.PrintEnd => "'}}'",
        TokenKind.BlockBegin => "'{%'",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.String => "a quoted text",
        TokenKind.Integer or TokenKind.Float => "a number",
        _ => $"'{Text}'",
    };
}
