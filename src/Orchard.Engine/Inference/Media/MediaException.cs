namespace Orchard.Engine.Inference.Media;

/// <summary>An image or audio file of a prompt cannot be used. The message is for users.</summary>
internal sealed class MediaException(string message, int index) : Exception(message)
{
    /// <summary>Its place among all images and audio files of the prompt, from 0.</summary>
    public int Index { get; } = index;
}
