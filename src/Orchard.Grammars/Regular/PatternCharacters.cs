using System.Text;
using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>Parses the characters, escapes and character classes of regular expressions.</summary>
/// <param name="cursor">The position in the expression.</param>
/// <param name="isWide">Whether the result is the wide reading; see <see cref="Pattern"/>.</param>
/// <param name="ignoresCase">Whether a letter stands for itself in either case.</param>
internal sealed class PatternCharacters(TextCursor cursor, bool isWide, bool ignoresCase)
{
    /// <summary>Reads a class, which begins with '['.</summary>
    public CodePointSet ReadClass()
    {
        cursor.Position++;

        // The complement of the wide reading is narrow, and the reverse.
        return cursor.TryRead('^') ? ReadMembers(!isWide).Complement() : ReadMembers(isWide);
    }

    /// <summary>Reads an escape outside of classes, which begins with '\'.</summary>
    public CodePointSet ReadEscape() => Fold(ReadEscape(inClass: false, isWide));

    /// <summary>Reads a character that stands for itself.</summary>
    public CodePointSet ReadLiteral() => Fold(CodePointSet.Of(cursor.ReadRune()));

    private CodePointSet ReadMembers(bool wide)
    {
        CodePointSet set = CodePointSet.Empty;
        while (!cursor.TryRead(']'))
        {
            if (cursor.IsAtEnd)
            {
                throw cursor.Problem("'[' has no ']'");
            }

            CodePointSet member = ReadMember(wide, out int? from);
            if (from is { } low && cursor.Position + 1 < cursor.Text.Length && cursor.Next == '-' && cursor.PeekAt(1) != ']')
            {
                cursor.Position++;
                ReadMember(wide, out int? to);
                member = to >= low
                    ? CodePointSet.Of((low, to.Value))
                    : throw cursor.Problem("the character range is backwards or ends with a class");
            }

            set = set.Union(member);
        }

        return Fold(set);
    }

    private CodePointSet Fold(CodePointSet set) => ignoresCase ? UnicodeClasses.InEitherCase(set) : set;

    private CodePointSet ReadMember(bool wide, out int? single)
    {
        CodePointSet set = cursor.Next == '\\' ? ReadEscape(inClass: true, wide) : CodePointSet.Of(cursor.ReadRune());
        single = set.Ranges.Count == 1 && set.Ranges[0].First == set.Ranges[0].Last ? set.Ranges[0].First : null;
        return set;
    }

    private CodePointSet ReadEscape(bool inClass, bool wide)
    {
        cursor.Position++;
        if (cursor.IsAtEnd)
        {
            throw cursor.Problem("'\\' at the end of the expression");
        }

        char escape = cursor.Next;
        cursor.Position++;
        switch (escape)
        {
            case 'd':
                return CharacterClasses.Digits(wide);
            case 'D':
                return CharacterClasses.Not(CharacterClasses.Digits, wide);
            case 'w':
                return CharacterClasses.Word(wide);
            case 'W':
                return CharacterClasses.Not(CharacterClasses.Word, wide);
            case 's':
                return CharacterClasses.Space(wide);
            case 'S':
                return CharacterClasses.Not(CharacterClasses.Space, wide);
            case 't':
                return CodePointSet.Of('\t');
            case 'n':
                return CodePointSet.Of('\n');
            case 'v':
                return CodePointSet.Of('\v');
            case 'f':
                return CodePointSet.Of('\f');
            case 'r':
                return CodePointSet.Of('\r');
            case '0' when !char.IsAsciiDigit(cursor.Next):
                return CodePointSet.Of(0);
            case 'x':
                return CodePointSet.Of(ReadHex(2));
            case 'u':
                return CodePointSet.Of(ReadUnicode());
            case 'b' when inClass:
                return CodePointSet.Of('\b');
            case 'b' or 'B':
                throw cursor.Problem("word boundaries are not supported");
            case 'p' or 'P':
                CodePointSet category = ReadCategory();
                return escape == 'p' ? category : category.Complement();
            case >= '1' and <= '9' or 'k':
                throw cursor.Problem("back-references are not supported");
            default:
                return char.IsAsciiLetterOrDigit(escape) || char.IsSurrogate(escape)
                    ? throw cursor.Problem($"unknown escape '\\{escape}'")
                    : CodePointSet.Of(escape);
        }
    }

    private CodePointSet ReadCategory()
    {
        int end = cursor.TryRead('{') ? cursor.Text.IndexOf('}', cursor.Position) : -1;
        string name = end < 0 ? "" : cursor.Text[cursor.Position..end];
        CodePointSet category = UnicodeClasses.Find(name) ?? throw cursor.Problem(
            $"the Unicode property '{name}' is not supported; supported are general categories, such as 'L' and 'Lu'");
        cursor.Position = end + 1;
        return category;
    }

    private int ReadUnicode()
    {
        if (cursor.TryRead('{'))
        {
            int digits = cursor.Text.IndexOf('}', cursor.Position) - cursor.Position;
            int value = digits is >= 1 and <= 6
                ? ReadHex(digits)
                : throw cursor.Problem("'\\u{' is not followed by one to six digits and '}'");
            cursor.Position++;
            return Rune.IsValid(value) ? value : throw cursor.Problem("the escape is not a Unicode scalar value");
        }

        int unit = ReadHex(4);
        if (char.IsHighSurrogate((char)unit) && cursor.TryRead("\\u"))
        {
            int low = ReadHex(4);
            return char.IsLowSurrogate((char)low) ? char.ConvertToUtf32((char)unit, (char)low) : throw cursor.Problem("unpaired surrogate");
        }

        return Rune.IsValid(unit) ? unit : throw cursor.Problem("unpaired surrogate");
    }

    private int ReadHex(int digits) =>
        cursor.TryReadHex(digits, out int value) ? value : throw cursor.Problem($"expected {digits} hexadecimal digits");
}
