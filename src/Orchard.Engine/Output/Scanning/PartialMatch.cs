namespace Orchard.Engine.Output.Scanning;

/// <summary>Prefix comparison of incomplete texts.</summary>
internal static class PartialMatch
{
    /// <summary>Returns whether a text starts with <paramref name="prefix"/>, or may do so once it is longer.</summary>
    public static bool MayStartWith(string text, string prefix) =>
        text.Length < prefix.Length ? prefix.StartsWith(text, StringComparison.Ordinal) : text.StartsWith(prefix, StringComparison.Ordinal);
}
