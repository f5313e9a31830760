using System.Globalization;
using Orchard.Protocol;
using Orchard.Protocol.Media;

namespace Orchard.Media;

/// <summary>Reads the data of images and sound from where applications have it.</summary>
internal static class MediaSource
{
    private const string Scheme = "data:";
    private const string Base64 = ";base64";

    /// <summary>Returns the content of a file.</summary>
    /// <param name="path">The file; a leading <c>~</c> is the user's home directory.</param>
    /// <param name="kind">What is expected, for the limit of its length.</param>
    public static ReadOnlyMemory<byte> ReadFile(string path, MediaKind kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = UserPath.GetFullPath(path);
        using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        int limit = MediaRules.MaxBytes(kind);
        if (stream.CanSeek && stream.Length > limit)
        {
            throw new InvalidMediaException(string.Create(
                CultureInfo.InvariantCulture,
                $"The file '{full}' has {stream.Length:N0} bytes; {MediaRules.Name(kind)} may have {limit:N0}."));
        }

        // Pipes and devices do not know their length.
        using var content = new MemoryStream(stream.CanSeek ? (int)stream.Length : 0);
        Span<byte> buffer = stackalloc byte[4096];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            content.Write(buffer[..read]);
            if (content.Length > limit)
            {
                throw new InvalidMediaException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The file '{full}' has more than {limit:N0} bytes, the most that {MediaRules.Name(kind)} may have."));
            }
        }

        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }

    /// <summary>Returns the data in a <c>data:</c> URI, and the media type that it states; null if it states none.</summary>
    /// <exception cref="ArgumentException">It is another URI, or not well-formed.</exception>
    public static (ReadOnlyMemory<byte> Data, string? MediaType) ReadDataUri(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        if (!uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                "The URI does not begin with 'data:'. Nothing is downloaded: pass the bytes, the path of a file, or a data: URI.",
                nameof(uri));
        }

        int comma = uri.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            throw new ArgumentException("The data: URI has no comma before its data.", nameof(uri));
        }

        string header = uri[Scheme.Length..comma];
        bool isBase64 = header.EndsWith(Base64, StringComparison.OrdinalIgnoreCase);
        string type = (isBase64 ? header[..^Base64.Length] : header).Split(';')[0].Trim();
        return (isBase64 ? FromBase64(uri.AsSpan(comma + 1)) : FromText(uri[(comma + 1)..]), type.Length == 0 ? null : type);
    }

    /// <summary>Returns the media type of data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="declared">What its source says; null if it does not say.</param>
    /// <param name="kind">What it must be.</param>
    /// <exception cref="ArgumentException">The declared type is of another kind.</exception>
    public static string? TypeOf(ReadOnlySpan<byte> data, string? declared, MediaKind kind)
    {
        if (string.IsNullOrWhiteSpace(declared))
        {
            return MediaFormat.Find(data)?.MediaTypes is [var found, ..] ? found : null;
        }

        string type = declared.Split(';')[0].Trim().ToLowerInvariant();
        bool isOfKind = type.StartsWith(kind == MediaKind.Image ? "image/" : "audio/", StringComparison.Ordinal);
        return isOfKind || type == "application/octet-stream"
            ? type
            : throw new ArgumentException($"The media type '{declared}' is not that of {MediaRules.Name(kind)}.", nameof(declared));
    }

    /// <summary>
    /// Returns how the data contradicts the media type that was given, as the end of a sentence; null if it does not. Only types that the
    /// engine knows count: others may be further names of the same format.
    /// </summary>
    public static string? FindContradiction(ReadOnlySpan<byte> data, string? mediaType)
    {
        MediaFormat? stated = mediaType is null ? null : MediaFormat.Of(mediaType);
        MediaFormat? found = MediaFormat.Find(data);
        return stated is not null && found is not null && stated != found
            ? $"is of the type '{mediaType}' according to its sender, but its data has the format {found.Name}"
            : null;
    }

    /// <summary>Returns a <c>data:</c> URI with data.</summary>
    public static string ToDataUri(ReadOnlySpan<byte> data, string? mediaType) =>
        $"{Scheme}{mediaType ?? "application/octet-stream"}{Base64},{Convert.ToBase64String(data)}";

    /// <summary>Returns the short name of a format of sound, as OpenAI's API has it.</summary>
    public static string AudioName(string? mediaType) => mediaType is null ? "wav"
        : MediaFormat.Of(mediaType)?.Name.ToLowerInvariant() ?? mediaType[(mediaType.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>Returns the media type for the short name of a format of sound.</summary>
    public static string AudioType(string name) =>
        MediaFormat.Of(MediaKind.Audio)
            .FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.MediaTypes[0] ?? $"audio/{name}";

    /// <summary>Returns a description of data for logs and debuggers.</summary>
    public static string Describe(string? mediaType, int bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{mediaType ?? "unknown type"}, {bytes} bytes");

    private static byte[] FromBase64(ReadOnlySpan<char> text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        if (Convert.TryFromBase64Chars(text, bytes, out int length))
        {
            return bytes[..length];
        }

        // Some writers escape the characters that have a meaning in URIs, or leave out the padding.
        string plain = Uri.UnescapeDataString(text.ToString()).Replace('-', '+').Replace('_', '/').Trim().TrimEnd('=');
        plain = plain.PadRight((plain.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(plain, bytes, out length)
            ? bytes[..length]
            : throw new ArgumentException("The data: URI contains text that is not base64.");
    }

    private static byte[] FromText(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte escaped))
            {
                bytes.Add(escaped);
                i += 2;
            }
            else
            {
                bytes.Add(text[i] < 0x80 ? (byte)text[i] : throw new ArgumentException(
                    "The data: URI contains a character that must be escaped."));
            }
        }

        return [.. bytes];
    }
}
