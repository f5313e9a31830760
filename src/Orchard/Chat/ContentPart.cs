namespace Orchard;

/// <summary>A part of a message's content. Immutable.</summary>
/// <remarks>Text is the only kind at present. Later versions can add kinds, such as images, as further derived classes.</remarks>
public abstract class ContentPart
{
    private protected ContentPart()
    {
    }
}
