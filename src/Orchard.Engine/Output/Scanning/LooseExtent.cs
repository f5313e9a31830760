using System.Text;

namespace Orchard.Engine.Output.Scanning;

/// <summary>Finds the end of a value that is written almost like JSON, see <see cref="LooseValue"/>. Not thread-safe.</summary>
/// <param name="mark">The mark on both sides of strings; empty for none.</param>
internal sealed class LooseExtent(string mark)
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private char _quote; // 'm' inside marks, 0 outside of strings
    private bool _escaped;
    private int _inside; // length of the text at the beginning of the marked string

    /// <summary>What was read.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether a character that ends the value outside of it would end it now.</summary>
    public bool IsOutside => _depth == 0 && _quote == 0;

    /// <summary>Whether a mark has begun but is not complete.</summary>
    public bool MayBeMark(char next) => mark.Length > 0 && mark.StartsWith(Tail() + next, StringComparison.Ordinal);

    public void Read(char character)
    {
        _text.Append(character);
        if (mark.Length > 0 && _quote is '\0' or 'm' && EndsWithMark() && _text.Length - _inside >= mark.Length)
        {
            _quote = _quote == 'm' ? '\0' : 'm';
            _inside = _text.Length;
        }
        else if (_quote is not ('\0' or 'm'))
        {
            _quote = character == _quote && !_escaped ? '\0' : _quote;
            _escaped = character == '\\' && !_escaped;
        }
        else if (_quote == 0 && character is '"' or '\'' && mark.Length == 0)
        {
            _quote = character;
            _escaped = false;
        }
        else if (_quote == 0)
        {
            _depth += character is '{' or '[' or '(' ? 1 : character is '}' or ']' or ')' ? -1 : 0;
        }
    }

    private string Tail()
    {
        for (int length = Math.Min(mark.Length - 1, _text.Length); length > 0; length--)
        {
            string tail = _text.ToString(_text.Length - length, length);
            if (mark.StartsWith(tail, StringComparison.Ordinal))
            {
                return tail;
            }
        }

        return "";
    }

    private bool EndsWithMark() =>
        mark.Length > 0 && _text.Length >= mark.Length
        && _text.ToString(_text.Length - mark.Length, mark.Length) == mark;
}
