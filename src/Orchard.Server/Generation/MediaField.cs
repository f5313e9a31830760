using System.Text.Json;
using Orchard.Server.Errors;

namespace Orchard.Server.Generation;

/// <summary>Reads images and sound, which requests contain as base64. Nothing is downloaded, and no file is read. Pure.</summary>
internal static class MediaField
{
    private const string DataScheme = "data:";

    /// <summary>Reads an image from a <c>data:</c> URI, or from an object that has it as its <c>url</c>.</summary>
    public static ImagePart ImageOfUri(Field field) => FromUri(field, ContentPart.ImageFromDataUri);

    /// <summary>Reads sound from a <c>data:</c> URI, or from an object that has it as its <c>url</c>.</summary>
    public static AudioPart AudioOfUri(Field field) => FromUri(field, ContentPart.AudioFromDataUri);

    /// <summary>Reads an image from base64.</summary>
    /// <param name="data">The base64, or a <c>data:</c> URI.</param>
    /// <param name="type">The media type; may be absent.</param>
    public static ImagePart Image(Field data, Field type = default) =>
        IsUri(data) ? ImageOfUri(data) : Create(type, () => ContentPart.Image(Bytes(data), type.IsAbsent ? null : type.ToText()));

    /// <summary>Reads sound from an object with <c>data</c> and <c>format</c>.</summary>
    public static AudioPart Audio(Field field)
    {
        Field data = field.Member("data");
        Field format = field.Member("format");
        return IsUri(data) ? AudioOfUri(data) : Create(format, () => ContentPart.Audio(Bytes(data), TypeOf(format)));
    }

    /// <summary>Reads a file, which must be an image or sound in a <c>data:</c> URI; null if it is another.</summary>
    public static MediaPart? File(Field data) =>
        !data.IsText ? null
        : data.ToText().StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) ? ImageOfUri(data)
        : data.ToText().StartsWith("data:audio/", StringComparison.OrdinalIgnoreCase) ? AudioOfUri(data)
        : null;

    /// <summary>Reads an image from Anthropic's object with its source.</summary>
    public static ImagePart Source(Field source) => source.Member("type").ToText() switch
    {
        "base64" => Image(source.Member("data"), source.Member("media_type")),
        "url" => ImageOfUri(source.Member("url")),
        _ => throw source.Member("type").Invalid("base64"),
    };

    private static T FromUri<T>(Field field, Func<string, T> create)
    {
        Field uri = field.IsObject ? field.Member("url") : field;
        string text = uri.ToText();
        return text.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase)
            ? Create(uri, () => create(text))
            : throw ApiException.Unsupported(uri.Name, "is a link; this server downloads nothing, so send a data: URI with base64");
    }

    private static T Create<T>(Field field, Func<T> create)
    {
        try
        {
            return create();
        }
        catch (ArgumentException e)
        {
            throw ApiException.Invalid(field.Name, $"cannot be used: {e.Message.Split(" (Parameter ")[0].TrimEnd('.')}");
        }
    }

    private static bool IsUri(Field field) => field.IsText && field.ToText().StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase);

    private static byte[] Bytes(Field field) =>
        field.Value is { ValueKind: JsonValueKind.String } value && value.TryGetBytesFromBase64(out byte[]? bytes)
            ? bytes
            : throw field.Invalid("base64");

    private static string? TypeOf(Field format) => format.IsAbsent ? null : format.ToText().ToLowerInvariant() switch
    {
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "flac" => "audio/flac",
        var other when other.StartsWith("audio/", StringComparison.Ordinal) => other,
        _ => throw format.Invalid("wav, mp3 or flac"),
    };
}
