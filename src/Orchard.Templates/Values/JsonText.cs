using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orchard.Templates.Values;

/// <summary>
/// Reads strings of JSON, which may have unpaired surrogates as escapes: <see cref="JsonElement.GetString"/> refuses them, here they become
/// U+FFFD.
/// </summary>
internal static class JsonText
{
    public static string Of(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(element.GetRawText());
        }
    }

    public static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            string raw = property.ToString(); // the quoted name comes first
            return Unescape(raw[..(EndOfString(raw) + 1)]);
        }
    }

    private static int EndOfString(string raw)
    {
        int at = 1;
        while (raw[at] != '"')
        {
            at += raw[at] == '\\' ? 2 : 1;
        }

        return at;
    }

    // The JSON has been parsed, so every escape is complete.
    private static string Unescape(string quoted)
    {
        var text = new StringBuilder(quoted.Length);
        for (int at = 1; at < quoted.Length - 1; at++)
        {
            if (quoted[at] != '\\')
            {
                text.Append(quoted[at]);
                continue;
            }

            at++;
            text.Append(quoted[at] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)int.Parse(quoted.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                char same => same,
            });
            at += quoted[at] == 'u' ? 4 : 0;
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString())); // replaces unpaired surrogates
    }
}
