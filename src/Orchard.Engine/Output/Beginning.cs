namespace Orchard.Engine.Output;

/// <summary>How a text that comes by the character begins.</summary>
internal static class Beginning
{
    /// <summary>Whether a text begins with another, as far as it has come.</summary>
    public static bool Fits(string text, string start) =>
        text.Length < start.Length ? start.StartsWith(text, StringComparison.Ordinal) : text.StartsWith(start, StringComparison.Ordinal);
}
