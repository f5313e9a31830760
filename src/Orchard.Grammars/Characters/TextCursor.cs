using System.Globalization;
using System.Text;

namespace Orchard.Grammars.Characters;

/// <summary>Reads a text from left to right, and reports errors with their location. Shared by the parsers of this project.</summary>
/// <param name="text">The text to read.</param>
/// <param name="locate">Describes a position in the text; error messages begin with it.</param>
internal sealed class TextCursor(string text, Func<string, int, string> locate)
{
    /// <summary>The whole text.</summary>
    public string Text { get; } = text;

    /// <summary>The index of the next character.</summary>
    public int Position { get; set; }

    public bool IsAtEnd => Position == Text.Length;

    /// <summary>The next character, or '\0' at the end.</summary>
    public char Next => PeekAt(0);

    /// <summary>Returns the character at an offset from the position, or '\0' beyond the end.</summary>
    public char PeekAt(int offset) => Position + offset < Text.Length ? Text[Position + offset] : '\0';

    /// <summary>Moves past <paramref name="expected"/> if it comes next.</summary>
    public bool TryRead(char expected)
    {
        bool found = !IsAtEnd && Text[Position] == expected;
        Position += found ? 1 : 0;
        return found;
    }

    /// <inheritdoc cref="TryRead(char)"/>
    public bool TryRead(string expected)
    {
        bool found = string.CompareOrdinal(Text, Position, expected, 0, expected.Length) == 0;
        Position += found ? expected.Length : 0;
        return found;
    }

    /// <summary>Reads a Unicode scalar value.</summary>
    /// <exception cref="GrammarException">An unpaired surrogate comes next.</exception>
    public int ReadRune()
    {
        Rune rune = Rune.TryGetRuneAt(Text, Position, out Rune found) ? found : throw Problem("unpaired surrogate");
        Position += rune.Utf16SequenceLength;
        return rune.Value;
    }

    /// <summary>Reads a repetition count.</summary>
    /// <exception cref="GrammarException">No count from 0 to <paramref name="max"/> comes next.</exception>
    public int ReadCount(int max)
    {
        int start = Position;
        while (char.IsAsciiDigit(Next))
        {
            Position++;
        }

        ReadOnlySpan<char> digits = Text.AsSpan(start, Position - start);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= max
            ? count
            : throw Problem($"expected a count from 0 to {max}");
    }

    /// <summary>Reads a number of exactly so many hexadecimal digits.</summary>
    public bool TryReadHex(int digits, out int value)
    {
        value = 0;
        bool found = Position + digits <= Text.Length
            && int.TryParse(Text.AsSpan(Position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        Position += found ? digits : 0;
        return found;
    }

    /// <summary>Returns the exception for a problem at the position.</summary>
    public GrammarException Problem(string problem) => new($"{locate(Text, Position)}: {problem}.");
}
