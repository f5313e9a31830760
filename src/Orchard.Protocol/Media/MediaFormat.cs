using System.Text;

namespace Orchard.Protocol.Media;

/// <summary>A format of image or audio files, found by its signature. Immutable.</summary>
/// <param name="Name">Its usual name.</param>
/// <param name="Kind">What such files contain.</param>
/// <param name="MediaTypes">Its media types, the usual one first.</param>
/// <param name="IsSupported">Whether the engine decodes it.</param>
internal sealed record MediaFormat(string Name, MediaKind Kind, IReadOnlyList<string> MediaTypes, bool IsSupported = true)
{
    public static MediaFormat Png { get; } = new("PNG", MediaKind.Image, ["image/png", "image/apng", "image/x-png"]);

    public static MediaFormat Jpeg { get; } = new("JPEG", MediaKind.Image, ["image/jpeg", "image/jpg", "image/pjpeg"]);

    public static MediaFormat Gif { get; } = new("GIF", MediaKind.Image, ["image/gif"]);

    public static MediaFormat Bmp { get; } = new("BMP", MediaKind.Image, ["image/bmp", "image/x-bmp", "image/x-ms-bmp"]);

    public static MediaFormat Wave { get; } =
        new("WAV", MediaKind.Audio, ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"]);

    public static MediaFormat Mp3 { get; } = new("MP3", MediaKind.Audio, ["audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/mpeg3"]);

    public static MediaFormat Flac { get; } = new("FLAC", MediaKind.Audio, ["audio/flac", "audio/x-flac"]);

    private static readonly (MediaFormat Format, int Offset, string Signature)[] Signatures =
    [
        (Png, 0, "\u0089PNG\r\n\u001a\n"),
        (Jpeg, 0, "\u00ff\u00d8\u00ff"),
        (Gif, 0, "GIF87a"),
        (Gif, 0, "GIF89a"),
        (Bmp, 0, "BM"),
        (Wave, 8, "WAVE"),
        (Mp3, 0, "ID3"),
        (Flac, 0, "fLaC"),
        (new("WebP", MediaKind.Image, ["image/webp"], false), 8, "WEBP"),
        (new("AVIF", MediaKind.Image, ["image/avif"], false), 4, "ftypavi"),
        (new("HEIC", MediaKind.Image, ["image/heic", "image/heif"], false), 4, "ftyphei"),
        (new("HEIC", MediaKind.Image, ["image/heic", "image/heif"], false), 4, "ftypmif1"),
        (new("TIFF", MediaKind.Image, ["image/tiff"], false), 0, "II*\0"),
        (new("TIFF", MediaKind.Image, ["image/tiff"], false), 0, "MM\0*"),
        (new("ICO", MediaKind.Image, ["image/x-icon", "image/vnd.microsoft.icon"], false), 0, "\0\0\u0001\0"),
        (new("Photoshop", MediaKind.Image, ["image/vnd.adobe.photoshop"], false), 0, "8BPS"),
        (new("SVG", MediaKind.Image, ["image/svg+xml"], false), 0, "<svg"),
        (new("Ogg", MediaKind.Audio, ["audio/ogg", "application/ogg", "audio/opus"], false), 0, "OggS"),
        (new("M4A", MediaKind.Audio, ["audio/mp4", "audio/x-m4a", "audio/m4a"], false), 4, "ftypM4A"),
        (new("AIFF", MediaKind.Audio, ["audio/aiff", "audio/x-aiff"], false), 8, "AIFF"),
        (new("AAC", MediaKind.Audio, ["audio/aac"], false), 0, "\u00ff\u00f1"),
        (new("AAC", MediaKind.Audio, ["audio/aac"], false), 0, "\u00ff\u00f9"),
        (new("WebM", MediaKind.Other, ["video/webm", "audio/webm"], false), 0, "\u001aE\u00df\u00a3"),
        (new("MP4", MediaKind.Other, ["video/mp4", "audio/mp4"], false), 4, "ftyp"),
        (new("AVI", MediaKind.Other, ["video/x-msvideo"], false), 8, "AVI "),
        (new("PDF", MediaKind.Other, ["application/pdf"], false), 0, "%PDF-"),
        (new("ZIP", MediaKind.Other, ["application/zip"], false), 0, "PK\u0003\u0004"),
        (new("gzip", MediaKind.Other, ["application/gzip"], false), 0, "\u001f\u008b"),
        (new("XML", MediaKind.Other, ["application/xml", "text/xml", "image/svg+xml"], false), 0, "<?xml"),
        (new("HTML", MediaKind.Other, ["text/html"], false), 0, "<!DOCTYPE html"),
        (new("GGUF", MediaKind.Other, [], false), 0, "GGUF"),
    ];

    /// <summary>The formats that the engine decodes, of one kind.</summary>
    public static IEnumerable<MediaFormat> Of(MediaKind kind) =>
        new[] { Png, Jpeg, Gif, Bmp, Wave, Mp3, Flac }.Where(format => format.Kind == kind);

    /// <summary>Returns the format with a media type; null if none has it.</summary>
    public static MediaFormat? Of(string mediaType) =>
        Array.Find(Signatures, entry => entry.Format.MediaTypes.Contains(mediaType, StringComparer.OrdinalIgnoreCase)).Format;

    /// <summary>Returns the format of a file; null if its signature is unknown.</summary>
    public static MediaFormat? Find(ReadOnlySpan<byte> file)
    {
        foreach ((MediaFormat format, int offset, string signature) in Signatures)
        {
            if (IsAt(file, offset, signature) && (format != Bmp || HasReservedZeros(file)))
            {
                return format;
            }
        }

        // Frames of MPEG audio have no signature but eleven set bits, and then values that are not reserved.
        return file is [0xff, var second, var third, ..]
            && (second & 0xe0) == 0xe0 && (second & 0x18) != 0x08 && (second & 0x06) != 0
            && (third & 0xf0) != 0xf0 && (third & 0x0c) != 0x0c
            ? Mp3
            : null;
    }

    // Texts begin with two letters, too.
    private static bool HasReservedZeros(ReadOnlySpan<byte> bmp) => bmp.Length >= 10 && bmp[6..10].IndexOfAnyExcept((byte)0) < 0;

    private static bool IsAt(ReadOnlySpan<byte> file, int offset, string signature)
    {
        Span<byte> bytes = stackalloc byte[16];
        int length = Encoding.Latin1.GetBytes(signature, bytes);
        return file.Length >= offset + length && file.Slice(offset, length).SequenceEqual(bytes[..length]);
    }
}
