using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Orchard.Validation;

/// <summary>Checks that text can be encoded as UTF-8, which the wire requires.</summary>
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

    /// <summary>Returns a checked copy of the texts.</summary>
    /// <exception cref="ArgumentException">The list is null or empty, or a text is null or has an unpaired surrogate.</exception>
    public static string[] Checked(IReadOnlyList<string>? texts, [CallerArgumentExpression(nameof(texts))] string name = "")
    {
        string[] copy = texts is null ? [] : [.. texts];
        if (copy.Length == 0)
        {
            throw new ArgumentException("The list of texts is empty; at least one text is required.", name);
        }

        for (int i = 0; i < copy.Length; i++)
        {
            if (copy[i] is null || !IsWellFormed(copy[i]))
            {
                throw new ArgumentException($"Text {i} is null or contains an unpaired surrogate, which cannot be encoded as UTF-8.", name);
            }
        }

        return copy;
    }
}
