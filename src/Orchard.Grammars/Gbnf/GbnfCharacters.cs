using System.Text;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Gbnf;

/// <summary>Parses GBNF's literals and character classes.</summary>
internal static class GbnfCharacters
{
    /// <summary>Reads a literal, which begins with a quote.</summary>
    public static LiteralNode ReadLiteral(TextCursor cursor)
    {
        cursor.Position++;
        var text = new StringBuilder();
        while (!cursor.IsAtEnd && cursor.Next is not ('"' or '\n'))
        {
            text.Append(new Rune(ReadCharacter(cursor)).ToString());
        }

        return cursor.TryRead('"')
            ? new LiteralNode(Encoding.UTF8.GetBytes(text.ToString()))
            : throw cursor.Problem("the literal has no closing quote");
    }

    /// <summary>Reads a character class, which begins with '['.</summary>
    public static CharactersNode ReadClass(TextCursor cursor)
    {
        cursor.Position++;
        bool isNegated = cursor.TryRead('^');
        var ranges = new List<(int, int)>();
        while (!cursor.IsAtEnd && cursor.Next is not (']' or '\n'))
        {
            int first = ReadCharacter(cursor);
            int last = first;
            if (cursor.Position + 1 < cursor.Text.Length && cursor.Next == '-' && cursor.PeekAt(1) != ']')
            {
                cursor.Position++;
                last = ReadCharacter(cursor);
                if (last < first)
                {
                    throw cursor.Problem("the character range is backwards");
                }
            }

            ranges.Add((first, last));
        }

        var set = CodePointSet.Of(ranges);
        return cursor.TryRead(']')
            ? new CharactersNode(isNegated ? set.Complement() : set)
            : throw cursor.Problem("the character class has no closing ']'");
    }

    private static int ReadCharacter(TextCursor cursor)
    {
        if (!cursor.TryRead('\\'))
        {
            return cursor.ReadRune();
        }

        if (cursor.IsAtEnd)
        {
            throw cursor.Problem("'\\' at the end of the grammar");
        }

        char escape = cursor.Next;
        cursor.Position++;
        return escape switch
        {
            'x' => ReadHex(cursor, 2),
            'u' => ReadHex(cursor, 4),
            'U' => ReadHex(cursor, 8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' or '^' or '-' or '/' or '.' => escape,
            _ => throw cursor.Problem($"unknown escape '\\{escape}'"),
        };
    }

    private static int ReadHex(TextCursor cursor, int digits) => cursor.TryReadHex(digits, out int value) && Rune.IsValid(value)
        ? value
        : throw cursor.Problem($"expected {digits} hexadecimal digits of a Unicode scalar value");
}
