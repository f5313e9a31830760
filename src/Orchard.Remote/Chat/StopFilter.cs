namespace Orchard.Remote.Chat;

/// <summary>
/// Ends a text before a stop sequence that the server does not know. What may be the beginning of one is held back until that is decided.
/// Not thread-safe.
/// </summary>
/// <param name="sequences">The stop sequences; none is empty.</param>
internal sealed class StopFilter(IReadOnlyList<string> sequences)
{
    private string _held = "";

    /// <summary>Whether the text has ended with a stop sequence.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>Adds a part of the text.</summary>
    /// <returns>What the caller receives now.</returns>
    public string Add(string part)
    {
        if (sequences.Count == 0)
        {
            return part;
        }

        if (HasStopped || part.Length == 0)
        {
            return "";
        }

        string text = _held + part;
        int stop = FindStop(text);
        HasStopped = stop >= 0;
        int end = HasStopped ? stop : text.Length - HeldLength(text);
        _held = HasStopped ? "" : text[end..];
        return text[..end];
    }

    /// <summary>Returns what was held back, at the end of the answer.</summary>
    public string End()
    {
        string rest = _held;
        _held = "";
        return rest;
    }

    private int FindStop(string text) => sequences
        .Select(sequence => text.IndexOf(sequence, StringComparison.Ordinal))
        .Where(static index => index >= 0)
        .DefaultIfEmpty(-1)
        .Min();

    private int HeldLength(string text)
    {
        int longest = 0;
        foreach (string sequence in sequences)
        {
            for (int length = Math.Min(sequence.Length - 1, text.Length); length > longest; length--)
            {
                if (text.EndsWith(sequence[..length], StringComparison.Ordinal))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
