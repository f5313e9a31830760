namespace Orchard;

/// <summary>A message has an image or sound, which the model does not take: it has no projector for it, or none that can be used.</summary>
public sealed class UnsupportedModalityException : OrchardException
{
    internal UnsupportedModalityException(string message, string model, InputModalities modality, int messageIndex, int partIndex)
        : base(message)
    {
        Model = model;
        Modality = modality;
        MessageIndex = messageIndex;
        PartIndex = partIndex;
    }

    /// <summary>Path of the model file.</summary>
    public string Model { get; }

    /// <summary>What the model does not take: <see cref="InputModalities.Image"/> or <see cref="InputModalities.Audio"/>.</summary>
    public InputModalities Modality { get; }

    /// <summary>Zero-based index of the message in the conversation.</summary>
    public int MessageIndex { get; }

    /// <summary>Zero-based index of the part in <see cref="Message.Content"/>.</summary>
    public int PartIndex { get; }
}
