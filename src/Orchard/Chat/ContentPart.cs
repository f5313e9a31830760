using Orchard.Media;
using Orchard.Protocol.Media;

namespace Orchard;

/// <summary>A part of a message's content: text, an image or sound. Immutable.</summary>
/// <remarks>
/// <see cref="ModelInfo.InputModalities"/> says which kinds a model takes. Later versions can add kinds as further derived classes.
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
    /// <param name="path">Path of a PNG, JPEG, GIF or BMP file. A leading <c>~</c> is the user's home directory.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read the file, or it is a directory.</exception>
    /// <exception cref="InvalidMediaException">The file has more than 32 MiB.</exception>
    public static ImagePart ImageFromFile(string path) => new(MediaSource.ReadFile(path, MediaKind.Image));

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
    /// <param name="path">Path of a WAV, MP3 or FLAC file. A leading <c>~</c> is the user's home directory.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read the file, or it is a directory.</exception>
    /// <exception cref="InvalidMediaException">The file has more than 128 MiB.</exception>
    public static AudioPart AudioFromFile(string path) => new(MediaSource.ReadFile(path, MediaKind.Audio));

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

/// <summary>An image or sound in a message. Immutable.</summary>
/// <remarks>
/// Whether the data is what it should be, and whether the model takes it, is checked when it is sent:
/// <see cref="InvalidMediaException"/>, <see cref="UnsupportedModalityException"/>. A conversation can have up to 256 images and sounds,
/// and all conversations of a call together 192 MiB of them.
/// </remarks>
public abstract class MediaPart : ContentPart
{
    private string? _problem;
    private volatile bool _isChecked; // after the problem

    private protected MediaPart(ReadOnlyMemory<byte> data, string? mediaType, MediaKind kind)
    {
        Data = data;
        Kind = kind;
        MediaType = MediaSource.TypeOf(data.Span, mediaType, kind);
    }

    /// <summary>The bytes of the file. They must not be changed as long as the part is in use.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>
    /// Media type, such as <c>image/png</c>: the one that was given, or else that of the format with which the data begins; null if that is
    /// unknown.
    /// </summary>
    public string? MediaType { get; }

    /// <summary>
    /// What the model reads instead if it does not take such parts, or if the data cannot be used (default: null, which means that the call
    /// then fails). Suits parts of a history, which the model has answered already.
    /// </summary>
    public string? AlternativeText { get; init; }

    /// <summary>Whether it is an image or sound.</summary>
    internal MediaKind Kind { get; }

    /// <summary>Returns the media type and the number of bytes.</summary>
    public override string ToString() => MediaSource.Describe(MediaType, Data.Length);

    /// <summary>
    /// Returns what is wrong with the data, as the end of a sentence that begins with the part; null if nothing is. A history is sent
    /// often, so the result is remembered.
    /// </summary>
    internal string? FindProblem()
    {
        if (!_isChecked)
        {
            _problem = MediaRules.FindProblem(Kind, Data.Span) ?? MediaSource.FindContradiction(Data.Span, MediaType);
            _isChecked = true;
        }

        return _problem;
    }
}

/// <summary>
/// An image in a message, as a PNG, JPEG, GIF or BMP file of up to 32 MiB, 16,384 pixels along a side and 67,108,864 in all. Immutable.
/// </summary>
public sealed class ImagePart : MediaPart
{
    /// <summary>Creates a part from the bytes of a file.</summary>
    /// <param name="data">
    /// A PNG, JPEG, GIF or BMP file. The bytes are not copied; they must not be changed as long as the part is in use.
    /// </param>
    /// <param name="mediaType">Its type, such as <c>image/png</c>; null to find it from the data.</param>
    /// <exception cref="ArgumentException"><paramref name="mediaType"/> is not the type of an image.</exception>
    public ImagePart(ReadOnlyMemory<byte> data, string? mediaType = null)
        : base(data, mediaType, MediaKind.Image)
    {
    }
}

/// <summary>Sound in a message, as a WAV, MP3 or FLAC file of up to 128 MiB and 30 minutes. Immutable.</summary>
public sealed class AudioPart : MediaPart
{
    /// <summary>Creates a part from the bytes of a file.</summary>
    /// <param name="data">
    /// A WAV, MP3 or FLAC file. The bytes are not copied; they must not be changed as long as the part is in use.
    /// </param>
    /// <param name="mediaType">Its type, such as <c>audio/wav</c>; null to find it from the data.</param>
    /// <exception cref="ArgumentException"><paramref name="mediaType"/> is not the type of sound.</exception>
    public AudioPart(ReadOnlyMemory<byte> data, string? mediaType = null)
        : base(data, mediaType, MediaKind.Audio)
    {
    }
}
