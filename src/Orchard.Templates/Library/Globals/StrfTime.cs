using System.Globalization;
using System.Text;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Library.Globals;

/// <summary>Formats the local time as C's <c>strftime</c>, in English.</summary>
internal static class StrfTime
{
    public static string Format(RenderContext context, TemplateValue format)
    {
        if (!format.IsText)
        {
            throw context.Fail($"'strftime_now' needs a string, not {format.Kind.Describe()}");
        }

        context.Scan(format.Text.Length);
        context.Allocate(format.Text.Length * 8L);
        return Expand(format.Text, context.Time.GetLocalNow());
    }

    private static string Expand(string format, DateTimeOffset now)
    {
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            char flag = format[i + 1] is '-' or '_' or '0' or '^' or '#' && i + 2 < format.Length ? format[++i] : '\0';
            text.Append(Flagged(Field(format[++i], now), flag));
        }

        return text.ToString();
    }

    private static string Flagged(string field, char flag) => flag switch
    {
        '-' => field.TrimStart('0', ' ') is { Length: > 0 } unpadded ? unpadded : field[^1..],
        '_' => field.TrimStart('0') is var rest && rest.Length < field.Length ? rest.PadLeft(field.Length) : field,
        '^' => field.ToUpperInvariant(),
        _ => field,
    };

    private static string Field(char name, DateTimeOffset now)
    {
        string Net(string format) => now.ToString(format, CultureInfo.InvariantCulture);
        string Number(int value, int digits) => value.ToString("D" + digits, CultureInfo.InvariantCulture);
        return name switch
        {
            'Y' => Number(now.Year, 1),
            'y' => Number(now.Year % 100, 2),
            'C' => Number(now.Year / 100, 2),
            'm' => Number(now.Month, 2),
            'd' => Number(now.Day, 2),
            'e' => now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'H' => Number(now.Hour, 2),
            'k' => now.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'I' => Number(((now.Hour + 11) % 12) + 1, 2),
            'l' => (((now.Hour + 11) % 12) + 1).ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'M' => Number(now.Minute, 2),
            'S' => Number(now.Second, 2),
            'f' => Number((int)(now.Ticks % TimeSpan.TicksPerSecond / 10), 6),
            'p' => now.Hour < 12 ? "AM" : "PM",
            'P' => now.Hour < 12 ? "am" : "pm",
            'B' => Net("MMMM"),
            'b' or 'h' => Net("MMM"),
            'A' => Net("dddd"),
            'a' => Net("ddd"),
            'j' => Number(now.DayOfYear, 3),
            'w' => Number((int)now.DayOfWeek, 1),
            'u' => Number((((int)now.DayOfWeek + 6) % 7) + 1, 1),
            'U' => Number((now.DayOfYear + 6 - (int)now.DayOfWeek) / 7, 2),
            'W' => Number((now.DayOfYear + 6 - (((int)now.DayOfWeek + 6) % 7)) / 7, 2),
            'V' => Number(ISOWeek.GetWeekOfYear(now.DateTime), 2),
            'G' => Number(ISOWeek.GetYear(now.DateTime), 1),
            'g' => Number(ISOWeek.GetYear(now.DateTime) % 100, 2),
            'D' or 'x' => Net("MM/dd/yy"),
            'F' => Net("yyyy-MM-dd"),
            'T' or 'X' => Net("HH:mm:ss"),
            'R' => Net("HH:mm"),
            'r' => Expand("%I:%M:%S %p", now),
            'c' => Expand("%a %b %e %H:%M:%S %Y", now),
            's' => now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            'n' => "\n",
            't' => "\t",
            '%' => "%",

            // Hugging Face formats a time without a time zone.
            'z' or 'Z' => string.Empty,
            _ => "%" + name,
        };
    }
}
