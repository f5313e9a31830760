namespace Orchard;

/// <summary>Text in a message. Immutable.</summary>
public sealed class TextPart : ContentPart
{
    /// <summary>Creates a part from text.</summary>
    /// <param name="text">The text; may be empty.</param>
    public TextPart(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Returns the text.</summary>
    public override string ToString() => Text;
}
