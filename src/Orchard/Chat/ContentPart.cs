using Orchard.Media;
using Orchard.Protocol.Media;

namespace Orchard;

/// <summary>A part of a message's content: text, an image or sound. Immutable.</summary>
/// <remarks>
/// Which kinds a model takes says <see cref="ModelInfo.InputModalities"/>. Later versions can add kinds as further derived classes.
/// </remarks>
public abstract class ContentPart
{
    private protected ContentPart()
    {
    }

    /// <summary>Creates an image from the bytes of its file.</summary>
    /// <param name="data">
    /// A PNG, JPEG, GIF or BMP file. The bytes are not copied; they must not be changed as long as the part is in use.
    /// </param>
    /// <param name="mediaType">Its type, such as <c>image/png</c>; null to find it from the data.</param>
    /// <exception cref="ArgumentException"><paramref name="mediaType"/> is not the type of an image.</exception>
    public static ImagePart Image(ReadOnlyMemory<byte> data, string? mediaType = null) => new(data, mediaType);

    /// <summary>Creates an image from a file, which is read at once.</summary>
    /// <param name="path">Path of a PNG, JPEG, GIF or BMP file.</param>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    /// <exception cref="InvalidMediaException">The file is too large for an image.</exception>
    public static ImagePart ImageFromFile(string path) => new(MediaSource.ReadFile(path, MediaKind.Image), null);

    /// <summary>Creates an image from a URI that contains it.</summary>
    /// <param name="uri">A <c>data:</c> URI, such as <c>data:image/png;base64,iVBORw0…</c>. Other URIs are not downloaded.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="uri"/> is not a <c>data:</c> URI, is not well-formed, or does not contain an image.
    /// </exception>
    public static ImagePart ImageFromDataUri(string uri)
    {
        (ReadOnlyMemory<byte> data, string? mediaType) = MediaSource.ReadDataUri(uri);
        return new ImagePart(data, mediaType);
    }

    /// <summary>Creates sound from the bytes of its file.</summary>
    /// <param name="data">
    /// A WAV, MP3 or FLAC file. The bytes are not copied; they must not be changed as long as the part is in use.
    /// </param>
    /// <param name="mediaType">Its type, such as <c>audio/wav</c>; null to find it from the data.</param>
    /// <exception cref="ArgumentException"><paramref name="mediaType"/> is not the type of sound.</exception>
    public static AudioPart Audio(ReadOnlyMemory<byte> data, string? mediaType = null) => new(data, mediaType);

    /// <summary>Creates sound from a file, which is read at once.</summary>
    /// <param name="path">Path of a WAV, MP3 or FLAC file.</param>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    /// <exception cref="InvalidMediaException">The file is too large for sound.</exception>
    public static AudioPart AudioFromFile(string path) => new(MediaSource.ReadFile(path, MediaKind.Audio), null);

    /// <summary>Creates sound from a URI that contains it.</summary>
    /// <param name="uri">A <c>data:</c> URI, such as <c>data:audio/wav;base64,UklGRi…</c>. Other URIs are not downloaded.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="uri"/> is not a <c>data:</c> URI, is not well-formed, or does not contain sound.
    /// </exception>
    public static AudioPart AudioFromDataUri(string uri)
    {
        (ReadOnlyMemory<byte> data, string? mediaType) = MediaSource.ReadDataUri(uri);
        return new AudioPart(data, mediaType);
    }
}
