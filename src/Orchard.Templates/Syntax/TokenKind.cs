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
