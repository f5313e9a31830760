using System.Globalization;
using System.Text;
using Orchard.Templates.Limits;

namespace Orchard.Templates.Syntax;

/// <summary>Reads string literals, with Python's escape sequences.</summary>
internal static class StringLiteral
{
    /// <summary>Reads the literal at a position, which has a quote.</summary>
    public static Token Read(string source, int start, int line, out int end)
    {
        char quote = source[start];
        int at = start + 1;
        while (at < source.Length && source[at] != quote)
        {
            at += source[at] == '\\' ? 2 : 1;
        }

        if (at >= source.Length)
        {
            throw TemplateException.At(line, "a string literal has no closing quote");
        }

        end = at + 1;
        string body = source[(start + 1)..at];
        return new Token(TokenKind.String, body.Contains('\\', StringComparison.Ordinal) ? Unescape(body, line) : body, line);
    }

    private static string Unescape(string body, int line)
    {
        var text = new StringBuilder(body.Length);
        for (int i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
            {
                text.Append(body[i]);
                continue;
            }

            i++;
            switch (body[i])
            {
                case '\n':
                    break;
                case 'n':
                    text.Append('\n');
                    break;
                case 't':
                    text.Append('\t');
                    break;
                case 'r':
                    text.Append('\r');
                    break;
                case 'a':
                    text.Append('\a');
                    break;
                case 'b':
                    text.Append('\b');
                    break;
                case 'f':
                    text.Append('\f');
                    break;
                case 'v':
                    text.Append('\v');
                    break;
                case '\\' or '\'' or '"':
                    text.Append(body[i]);
                    break;
                case 'x':
                    AppendCode(text, body, line, ref i, 2);
                    break;
                case 'u':
                    AppendCode(text, body, line, ref i, 4);
                    break;
                case 'U':
                    AppendCode(text, body, line, ref i, 8);
                    break;
                case 'N':
                    throw TemplateException.At(line, @"'\N{…}' in a string literal is not supported");
                case >= '0' and <= '7':
                    AppendOctal(text, body, ref i);
                    break;
                default:
                    text.Append('\\').Append(body[i]);
                    break;
            }
        }

        return text.ToString();
    }

    private static void AppendCode(StringBuilder text, string body, int line, ref int at, int digits)
    {
        if (at + digits >= body.Length
            || !int.TryParse(body.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            || code is < 0 or > 0x10FFFF)
        {
            throw TemplateException.At(line, $@"'\{body[at]}' in a string literal needs {digits} hexadecimal digits");
        }

        text.Append(code <= 0xFFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code));
        at += digits;
    }

    private static void AppendOctal(StringBuilder text, string body, ref int at)
    {
        int code = 0;
        int end = Math.Min(at + 3, body.Length);
        for (; at < end && body[at] is >= '0' and <= '7'; at++)
        {
            code = (code * 8) + (body[at] - '0');
        }

        at--;
        text.Append((char)code);
    }
}
