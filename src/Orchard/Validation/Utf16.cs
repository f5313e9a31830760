using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Orchard.Validation;

/// <summary>Texts that can be sent are those that have a UTF-8 form.</summary>
internal static class Utf16
{
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

    /// <summary>A copy of texts that can be sent.</summary>
    /// <exception cref="ArgumentException">There is none, or one is null or has no UTF-8 form.</exception>
    public static string[] Checked(IReadOnlyList<string>? texts, [CallerArgumentExpression(nameof(texts))] string name = "")
    {
        string[] copy = texts is null ? [] : [.. texts];
        if (copy.Length == 0)
        {
            throw new ArgumentException("There is no text; at least one is needed.", name);
        }

        for (int i = 0; i < copy.Length; i++)
        {
            if (copy[i] is null || !IsWellFormed(copy[i]))
            {
                throw new ArgumentException($"Text {i} is null, or has an unpaired surrogate, which has no UTF-8 form and cannot be sent.", name);
            }
        }

        return copy;
    }
}
