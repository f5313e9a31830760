using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>
/// What the shorthand classes of regular expressions match, in the narrow and the wide reading (see <see cref="Pattern"/>).
/// </summary>
internal static class CharacterClasses
{
    private const string LineTerminators = "\n\r\u2028\u2029";

    private static readonly CodePointSet NonAscii = CodePointSet.Of((0x80, CodePointSet.Largest));
    private static readonly CodePointSet AsciiDigits = CodePointSet.Of(('0', '9'));
    private static readonly CodePointSet AsciiWord = CodePointSet.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));
    private static readonly CodePointSet AsciiSpace = CodePointSet.Of(" \t\n\v\f\r");

    // Some libraries count the separators U+001C to U+001F as white space.
    private static readonly CodePointSet WideSpace = AsciiSpace.Union(CodePointSet.Of((0x1C, 0x1F))).Union(NonAscii);

    /// <summary>What <c>.</c> matches.</summary>
    public static CodePointSet AnyCharacter(bool isWide) => isWide ? CodePointSet.All : CodePointSet.Of(LineTerminators).Complement();

    /// <summary>What <c>\d</c> matches.</summary>
    public static CodePointSet Digits(bool isWide) => isWide ? AsciiDigits.Union(NonAscii) : AsciiDigits;

    /// <summary>What <c>\w</c> matches.</summary>
    public static CodePointSet Word(bool isWide) => isWide ? AsciiWord.Union(NonAscii) : AsciiWord;

    /// <summary>What <c>\s</c> matches.</summary>
    public static CodePointSet Space(bool isWide) => isWide ? WideSpace : AsciiSpace;

    /// <summary>What the negation of a class matches: narrow excludes everything that the class may match, and the reverse.</summary>
    public static CodePointSet Not(Func<bool, CodePointSet> shorthand, bool isWide) => shorthand(!isWide).Complement();
}
