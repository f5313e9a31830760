namespace Orchard.Formatting.Forms;

/// <summary>Rendered calls with slots, which are characters for private use, in place of what differs from call to call. Pure.</summary>
internal static class SlotText
{
    public const char Name = '\uE000';
    public const char Arguments = '\uE001';
    public const char Identifier = '\uE002';
    public const char Index = '\uE003';

    private static readonly char[] All = [Name, Arguments, Identifier];

    /// <summary>Returns whether a character is a slot.</summary>
    public static bool IsSlot(char character) => character is >= Name and <= Index;

    /// <summary>Returns the text before the first slot, from the first to the last slot, and what follows it.</summary>
    public static (string Lead, string Body, string Tail) Cut(string text)
    {
        int first = text.IndexOfAny(All);
        int last = text.LastIndexOfAny(All);
        return (text[..first], text[first..(last + 1)], text[(last + 1)..]);
    }

    /// <summary>Puts a slot in place of the last number in which two texts differ.</summary>
    public static (string First, string Second) Number(string first, string second)
    {
        (string firstMarked, string secondMarked) = (MarkNumber(first), MarkNumber(second));
        int common = FormText.CommonEnd(first, second).Length;
        return FormText.CommonEnd(firstMarked, secondMarked).Length > common + 1 ? (firstMarked, secondMarked) : (first, second);
    }

    private static string MarkNumber(string text)
    {
        int end = text.Length - 1;
        while (end >= 0 && !char.IsAsciiDigit(text[end]))
        {
            end--;
        }

        int start = end;
        while (start > 0 && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        return end < 0 ? text : $"{text[..start]}{Index}{text[(end + 1)..]}";
    }
}
