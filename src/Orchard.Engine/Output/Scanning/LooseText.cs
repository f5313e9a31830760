namespace Orchard.Engine.Output.Scanning;

/// <summary>A text that models write with more or less white space than their template. Immutable.</summary>
internal static class LooseText
{
    /// <summary>Returns a text without its white space.</summary>
    public static string Strip(string text) => string.Concat(text.Where(static character => !char.IsWhiteSpace(character)));
}
