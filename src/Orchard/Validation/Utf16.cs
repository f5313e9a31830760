using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Orchard.Validation;

/// <summary>Checks and repairs text, which must be encoded as UTF-8 on the wire.</summary>
internal static class Utf16
{
    /// <summary>Returns whether the text has no unpaired surrogates.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int consumed) != OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }

    /// <summary>Returns the text with every unpaired surrogate replaced by U+FFFD.</summary>
    public static string Repair(string text) =>
        IsWellFormed(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Returns a copy of the texts, with every unpaired surrogate replaced.</summary>
    /// <exception cref="ArgumentException">The list is null or empty, or a text is null.</exception>
    public static string[] Checked(IReadOnlyList<string>? texts, [CallerArgumentExpression(nameof(texts))] string name = "")
    {
        string[] copy = texts is null ? [] : [.. texts];
        if (copy.Length == 0)
        {
            throw new ArgumentException("The list of texts is empty; at least one text is required.", name);
        }

        for (int i = 0; i < copy.Length; i++)
        {
            copy[i] = Repair(copy[i] ?? throw new ArgumentException($"Text {i} is null.", name));
        }

        return copy;
    }
}
