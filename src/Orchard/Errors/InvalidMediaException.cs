namespace Orchard;

/// <summary>
/// An image or sound in a message cannot be used: it is damaged, too large, or in another format than the engine decodes.
/// </summary>
public sealed class InvalidMediaException : OrchardException
{
    internal InvalidMediaException(string message, int? messageIndex = null, int? partIndex = null)
        : base(message)
    {
        MessageIndex = messageIndex;
        PartIndex = partIndex;
    }

    /// <summary>Zero-based index of the message in the conversation; null if it is not known, or not in a message yet.</summary>
    public int? MessageIndex { get; }

    /// <summary>Zero-based index of the part in <see cref="Message.Content"/>; null if <see cref="MessageIndex"/> is null.</summary>
    public int? PartIndex { get; }
}
