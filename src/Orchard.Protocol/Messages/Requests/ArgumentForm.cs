namespace Orchard.Protocol.Messages.Requests;

/// <summary>How a model writes arguments one by one. Immutable.</summary>
internal sealed record ArgumentForm
{
    /// <summary>The text before the argument's name.</summary>
    public string BeforeKey { get; init; } = "";

    /// <summary>The text between the name and a string.</summary>
    public string TextStart { get; init; } = "";

    /// <summary>The text after a string.</summary>
    public string TextEnd { get; init; } = "";

    /// <summary>The text between the name and another value.</summary>
    public string ValueStart { get; init; } = "";

    /// <summary>The text after another value.</summary>
    public string ValueEnd { get; init; } = "";

    /// <summary>
    /// The text after the name, which is written again at the end of a value, as in <c>&lt;city&gt;Paris&lt;/city&gt;</c>; empty if it is
    /// not. <see cref="TextEnd"/> and <see cref="ValueEnd"/> are the texts before it.
    /// </summary>
    public string NameEnd { get; init; } = "";

    /// <summary>The name of the elements of a list, for <see cref="ArgumentNotation.Elements"/>.</summary>
    public string Item { get; init; } = "";

    /// <summary>The text between two arguments.</summary>
    public string Separator { get; init; } = "";

    /// <summary>How strings are written: one of <see cref="ArgumentNotation"/>.</summary>
    public string Texts { get; init; } = ArgumentNotation.Raw;

    /// <summary>How other values are written: <see cref="ArgumentNotation.Json"/>, <c>python</c>, <c>marked</c> or
    /// <c>elements</c>.</summary>
    public string Values { get; init; } = ArgumentNotation.Json;

    /// <summary>The mark on both sides of strings in <see cref="ArgumentNotation.Marked"/> values.</summary>
    public string Quote { get; init; } = "";

    /// <summary>Returns the text that ends the string with a name.</summary>
    public string TextEndOf(string name) => NameEnd.Length > 0 ? TextEnd + name + NameEnd : TextEnd;

    /// <summary>Returns the text that ends another value with a name.</summary>
    public string ValueEndOf(string name) => NameEnd.Length > 0 ? ValueEnd + name + NameEnd : ValueEnd;

    /// <summary>Whether the texts tell where names and values end.</summary>
    public bool IsReadable =>
        !string.IsNullOrWhiteSpace(ValueStart)
        && !string.IsNullOrWhiteSpace(ValueEnd + Separator + BeforeKey)
        && (Texts != ArgumentNotation.Raw || (!string.IsNullOrWhiteSpace(TextStart) && !string.IsNullOrWhiteSpace(TextEnd)))
        && (Values != ArgumentNotation.Marked || Quote.Length > 0)
        && (Values != ArgumentNotation.Elements || (Texts == ArgumentNotation.Raw && NameEnd.Length > 0 && Item.Length > 0));
}
