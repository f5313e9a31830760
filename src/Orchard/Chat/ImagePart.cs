using Orchard.Media;
using Orchard.Protocol.Media;

namespace Orchard;

/// <summary>An image in a message, as a PNG, JPEG, GIF or BMP file. Immutable.</summary>
/// <remarks>
/// Created by <see cref="ContentPart.Image"/>, <see cref="ContentPart.ImageFromFile"/> or <see cref="ContentPart.ImageFromDataUri"/>.
/// Whether the data is an image that the engine can use is checked when it is sent.
/// </remarks>
public sealed class ImagePart : ContentPart
{
    internal ImagePart(ReadOnlyMemory<byte> data, string? mediaType)
    {
        Data = data;
        MediaType = MediaSource.TypeOf(data.Span, mediaType, MediaKind.Image);
    }

    /// <summary>The bytes of the file.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>
    /// Media type, such as <c>image/png</c>: the one that was given, or else the one that the data begin like; null if that is unknown.
    /// </summary>
    public string? MediaType { get; }

    /// <summary>Returns the media type and the number of bytes.</summary>
    public override string ToString() => MediaSource.Describe(MediaType, Data.Length);
}
