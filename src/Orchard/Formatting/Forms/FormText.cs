using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting.Forms;

/// <summary>Compares rendered texts unit by unit: a mark such as <c>&lt;tool_call&gt;</c> is one unit, so is any other character.</summary>
internal static class FormText
{
    /// <summary>Returns the longest common beginning.</summary>
    public static string CommonStart(string first, string second)
    {
        int at = 0;
        while (at < first.Length && at < second.Length)
        {
            string unit = UnitAt(first, at);
            if (unit != UnitAt(second, at))
            {
                break;
            }

            at += unit.Length;
        }

        return first[..at];
    }

    /// <summary>Returns the longest common end.</summary>
    public static string CommonEnd(string first, string second)
    {
        List<string> units = Units(first);
        List<string> others = Units(second);
        int count = 0;
        while (count < units.Count && count < others.Count && units[^(count + 1)] == others[^(count + 1)])
        {
            count++;
        }

        return string.Concat(units.Skip(units.Count - count));
    }

    /// <summary>Returns the units of a text.</summary>
    public static List<string> Units(string text)
    {
        var units = new List<string>();
        for (int at = 0; at < text.Length;)
        {
            string unit = UnitAt(text, at);
            units.Add(unit);
            at += unit.Length;
        }

        return units;
    }

    /// <summary>Returns a text without its white space.</summary>
    public static string Strip(string text) => string.Concat(text.Where(static character => !char.IsWhiteSpace(character)));

    private static string UnitAt(string text, int at) => text.Substring(at, Math.Max(MarkUnits.LengthAt(text.AsSpan(at)), 1));
}
