using Orchard.Media;
using Orchard.Protocol.Media;

namespace Orchard;

/// <summary>Sound in a message, as a WAV, MP3 or FLAC file. Immutable.</summary>
/// <remarks>
/// Created by <see cref="ContentPart.Audio"/>, <see cref="ContentPart.AudioFromFile"/> or <see cref="ContentPart.AudioFromDataUri"/>.
/// Whether the data is sound that the engine can use is checked when it is sent.
/// </remarks>
public sealed class AudioPart : ContentPart
{
    internal AudioPart(ReadOnlyMemory<byte> data, string? mediaType)
    {
        Data = data;
        MediaType = MediaSource.TypeOf(data.Span, mediaType, MediaKind.Audio);
    }

    /// <summary>The bytes of the file.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>
    /// Media type, such as <c>audio/wav</c>: the one that was given, or else the one that the data begin like; null if that is unknown.
    /// </summary>
    public string? MediaType { get; }

    /// <summary>Returns the media type and the number of bytes.</summary>
    public override string ToString() => MediaSource.Describe(MediaType, Data.Length);
}
