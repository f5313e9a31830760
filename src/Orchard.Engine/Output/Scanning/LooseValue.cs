using System.Text;
using System.Text.Json;
using Orchard.Grammars.Json;

namespace Orchard.Engine.Output.Scanning;

/// <summary>
/// Converts a value that is written almost like JSON: with strings in single quotes or between marks, keys without quotes, or Python's
/// <c>True</c>, <c>False</c> and <c>None</c>.
/// </summary>
internal ref struct LooseValue
{
    private const int MaxDepth = 64;

    private readonly StringBuilder _json = new();
    private readonly string _mark;
    private ReadOnlySpan<char> _rest;

    private LooseValue(string text, string mark)
    {
        _rest = text;
        _mark = mark;
    }

    /// <summary>Returns the value as JSON; null if the text is not one value.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mark">The mark on both sides of strings; empty for none.</param>
    public static string? ToJson(string text, string mark)
    {
        var value = new LooseValue(text, mark);
        if (!value.Value(0))
        {
            return null;
        }

        value.Space();
        string json = value._json.ToString();
        return value._rest.IsEmpty && JsonText.IsValue(json) ? json : null;
    }

    private bool Value(int depth)
    {
        Space();
        if (_rest.IsEmpty || depth > MaxDepth)
        {
            return false;
        }

        if (Text() is { } text)
        {
            _json.Append(JsonGrammar.Quote(text));
            return true;
        }

        return _rest[0] switch
        {
            '{' => Items('{', '}', depth, isMap: true),
            '[' => Items('[', ']', depth, isMap: false),
            '(' => Items('(', ')', depth, isMap: false),
            _ => Word(),
        };
    }

    private bool Items(char start, char end, int depth, bool isMap)
    {
        Take(start);
        _json.Append(isMap ? '{' : '[');
        for (bool isFirst = true; ; isFirst = false)
        {
            Space();
            if (Take(end))
            {
                _json.Append(isMap ? '}' : ']');
                return true;
            }

            if (!isFirst)
            {
                if (!Take(','))
                {
                    return false;
                }

                Space();
                if (Take(end))
                {
                    _json.Append(isMap ? '}' : ']');
                    return true;
                }

                _json.Append(", ");
            }

            if (isMap && !Key())
            {
                return false;
            }

            if (!Value(depth + 1))
            {
                return false;
            }
        }
    }

    private bool Key()
    {
        string? key = Text();
        if (key is null)
        {
            int length = _rest.IndexOf(':');
            if (length <= 0)
            {
                return false;
            }

            key = _rest[..length].Trim().ToString();
            _rest = _rest[length..];
        }

        Space();
        _json.Append(JsonGrammar.Quote(key)).Append(": ");
        return Take(':');
    }

    private string? Text()
    {
        if (_mark.Length > 0 && _rest.StartsWith(_mark, StringComparison.Ordinal))
        {
            ReadOnlySpan<char> inside = _rest[_mark.Length..];
            int length = inside.IndexOf(_mark, StringComparison.Ordinal);
            if (length < 0)
            {
                return null;
            }

            _rest = inside[(length + _mark.Length)..];
            return inside[..length].ToString();
        }

        if (_rest.IsEmpty || _rest[0] is not ('"' or '\''))
        {
            return null;
        }

        char quote = _rest[0];
        var text = new StringBuilder();
        for (int i = 1; i < _rest.Length; i++)
        {
            if (_rest[i] == quote)
            {
                _rest = _rest[(i + 1)..];
                return text.ToString();
            }

            if (_rest[i] == '\\' && i + 1 < _rest.Length)
            {
                i += Escape(_rest[(i + 1)..], text);
            }
            else
            {
                text.Append(_rest[i]);
            }
        }

        return null;
    }

    // Returns the number of characters after the backslash.
    private static int Escape(ReadOnlySpan<char> escape, StringBuilder text)
    {
        int digits = escape[0] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && escape.Length > digits
            && uint.TryParse(escape.Slice(1, digits), System.Globalization.NumberStyles.HexNumber, null, out uint code) && code <= 0x10FFFF)
        {
            if (digits == 8 && Rune.IsValid(code))
            {
                text.Append(new Rune(code).ToString());
            }
            else
            {
                text.Append((char)code);
            }

            return digits + 1;
        }

        text.Append(escape[0] switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'b' => "\b",
            'f' => "\f",
            '\\' or '\'' or '"' or '/' => escape[..1].ToString(),
            _ => $"\\{escape[0]}",
        });
        return 1;
    }

    private bool Word()
    {
        int length = _rest.IndexOfAny(",]})");
        ReadOnlySpan<char> word = (length < 0 ? _rest : _rest[..length]).TrimEnd();
        string? json = word switch
        {
            "True" => "true",
            "False" => "false",
            "None" => "null",
            _ => JsonText.IsValue(word.ToString()) ? word.ToString() : null,
        };
        _json.Append(json);
        _rest = _rest[word.Length..];
        return json is not null;
    }

    private void Space() => _rest = _rest.TrimStart();

    private bool Take(char character)
    {
        if (_rest.IsEmpty || _rest[0] != character)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }
}
