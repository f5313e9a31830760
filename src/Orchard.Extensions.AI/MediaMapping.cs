using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>Converts images and sound to parts of messages. Nothing is downloaded.</summary>
internal static class MediaMapping
{
    private const string Images = "image";
    private const string Audio = "audio";

    /// <summary>Returns whether a content is an image or sound whose data is at hand, in itself or in a file.</summary>
    public static bool IsMedia(AIContent content) => content switch
    {
        DataContent data => IsMedia(data.MediaType),
        UriContent link => IsMedia(link.MediaType) && IsAtHand(link.Uri),
        _ => false,
    };

    /// <summary>Returns the part for a content; null if it is no image or sound, or its file cannot be read.</summary>
    /// <param name="content">The content.</param>
    /// <param name="isRequired">
    /// Whether the model has to see it. Otherwise the text that describes it takes its place if it does not, and a file may be missing.
    /// </param>
    /// <param name="readsFiles">Whether files are read that the content names.</param>
    /// <exception cref="IOException">The file cannot be read, and the part is required.</exception>
    /// <exception cref="ArgumentException">A data: URI is not well-formed, and the part is required.</exception>
    public static MediaPart? Of(AIContent content, bool isRequired, bool readsFiles)
    {
        if (!IsMedia(content) || (content is UriContent { Uri.IsFile: true } && !readsFiles))
        {
            return null;
        }

        try
        {
            return content is DataContent data ? Part(data.Data, data.MediaType) : Read((UriContent)content);
        }
        catch (Exception e) when (!isRequired
            && e is IOException or UnauthorizedAccessException or ArgumentException or InvalidMediaException)
        {
            return null;
        }

        MediaPart Read(UriContent link)
        {
            bool isAudio = IsOf(link.MediaType, Audio);
            if (link.Uri.IsFile)
            {
                string path = link.Uri.LocalPath;
                return Part(isAudio ? ContentPart.AudioFromFile(path).Data : ContentPart.ImageFromFile(path).Data, link.MediaType);
            }

            string uri = link.Uri.OriginalString;
            MediaPart part = isAudio ? ContentPart.AudioFromDataUri(uri) : ContentPart.ImageFromDataUri(uri);
            return Part(part.Data, part.MediaType ?? link.MediaType);
        }

        MediaPart Part(ReadOnlyMemory<byte> bytes, string type)
        {
            string? stated = type.EndsWith("/*", StringComparison.Ordinal) ? null : type;
            string? alternative = isRequired ? null : ContentText.Of(content);
            return IsOf(type, Audio)
                ? new AudioPart(bytes, stated) { AlternativeText = alternative }
                : new ImagePart(bytes, stated) { AlternativeText = alternative };
        }
    }

    /// <summary>Returns whether a media type is that of an image or sound.</summary>
    public static bool IsMedia(string mediaType) => IsOf(mediaType, Images) || IsOf(mediaType, Audio);

    private static bool IsOf(string mediaType, string kind) =>
        mediaType.Length > kind.Length && mediaType[kind.Length] == '/'
        && mediaType.StartsWith(kind, StringComparison.OrdinalIgnoreCase)
        && !ContentText.IsText(mediaType); // SVG

    private static bool IsAtHand(Uri uri) =>
        uri.IsAbsoluteUri && (uri.IsFile || uri.Scheme.Equals("data", StringComparison.OrdinalIgnoreCase));
}
