using System.Text;

namespace Orchard.Cli.Terminals;

/// <summary>
/// Edits one line of input, with the usual keys: arrows, Home, End, Backspace, Delete, Ctrl+A, E, U, K, W, and Up and Down for earlier
/// lines. Ctrl+D in an empty line ends the input. A line that is wider than the terminal scrolls sideways.
/// </summary>
/// <param name="keyboard">The keys.</param>
/// <param name="display">The terminal.</param>
internal sealed class LineEditor(IKeyboard keyboard, TextWriter display)
{
    private const string ClearToEnd = "\u001b[K";

    private readonly List<string> _history = [];
    private readonly StringBuilder _text = new();
    private int _cursor;
    private int _recalled;
    private string _unfinished = "";

    /// <summary>Reads a line; null at the end of the input.</summary>
    public string? ReadLine(string prompt)
    {
        _text.Clear();
        (_cursor, _recalled, _unfinished) = (0, _history.Count, "");
        Show(prompt);
        while (true)
        {
            ConsoleKeyInfo key = keyboard.ReadKey();
            if (key.Key == ConsoleKey.Enter)
            {
                display.WriteLine();
                return Remember(_text.ToString());
            }

            if (IsControl(key, ConsoleKey.D) && _text.Length == 0)
            {
                display.WriteLine();
                return null;
            }

            Edit(key);
            Show(prompt);
        }
    }

    private void Edit(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.UpArrow }:
                Recall(_recalled - 1);
                break;
            case { Key: ConsoleKey.DownArrow }:
                Recall(_recalled + 1);
                break;
            case { Key: ConsoleKey.LeftArrow }:
                _cursor -= _cursor > 0 ? WidthBefore() : 0;
                break;
            case { Key: ConsoleKey.RightArrow }:
                _cursor += _cursor < _text.Length ? WidthAfter() : 0;
                break;
            case { Key: ConsoleKey.Home }:
                _cursor = 0;
                break;
            case { Key: ConsoleKey.End }:
                _cursor = _text.Length;
                break;
            case { Key: ConsoleKey.Backspace }:
                Delete(_cursor > 0 ? _cursor - WidthBefore() : 0, _cursor);
                break;
            case { Key: ConsoleKey.Delete }:
                Delete(_cursor, _cursor < _text.Length ? _cursor + WidthAfter() : _cursor);
                break;
            case { Modifiers: ConsoleModifiers.Control }:
                EditByControl(key);
                break;
            case { KeyChar: >= ' ' }:
                _text.Insert(_cursor, key.KeyChar);
                _cursor++;
                break;
        }
    }

    private void EditByControl(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.A:
                _cursor = 0;
                break;
            case ConsoleKey.E:
                _cursor = _text.Length;
                break;
            case ConsoleKey.D:
                Delete(_cursor, _cursor < _text.Length ? _cursor + WidthAfter() : _cursor);
                break;
            case ConsoleKey.K:
                Delete(_cursor, _text.Length);
                break;
            case ConsoleKey.U:
                Delete(0, _cursor);
                break;
            case ConsoleKey.W:
                Delete(StartOfWord(), _cursor);
                break;
        }
    }

    private void Delete(int start, int end)
    {
        _text.Remove(start, end - start);
        _cursor = start;
    }

    // An emoji is two characters, which are never parted.
    private int WidthBefore() => _cursor > 1 && char.IsSurrogatePair(_text[_cursor - 2], _text[_cursor - 1]) ? 2 : 1;

    private int WidthAfter() => _cursor + 1 < _text.Length && char.IsSurrogatePair(_text[_cursor], _text[_cursor + 1]) ? 2 : 1;

    private int StartOfWord()
    {
        int start = _cursor;
        while (start > 0 && _text[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && _text[start - 1] != ' ')
        {
            start--;
        }

        return start;
    }

    private void Recall(int index)
    {
        if (index < 0 || index > _history.Count)
        {
            return;
        }

        if (_recalled == _history.Count)
        {
            _unfinished = _text.ToString();
        }

        _recalled = index;
        _text.Clear().Append(index == _history.Count ? _unfinished : _history[index]);
        _cursor = _text.Length;
    }

    private string Remember(string line)
    {
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
        }

        return line;
    }

    private void Show(string prompt)
    {
        int columns = Math.Max(1, keyboard.Columns - prompt.Length - 1);
        int first = Math.Max(0, _cursor - columns);
        int count = Math.Min(_text.Length - first, columns);
        int back = first + count - _cursor;
        display.Write($"\r{prompt}{_text.ToString(first, count)}{ClearToEnd}");
        if (back > 0)
        {
            display.Write($"\u001b[{back}D");
        }

        display.Flush();
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey expected) =>
        key.Key == expected && key.Modifiers.HasFlag(ConsoleModifiers.Control);
}
