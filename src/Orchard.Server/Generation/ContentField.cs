using Orchard.Server.Errors;

namespace Orchard.Server.Generation;

/// <summary>Reads the content of a message: a text, or a list of parts. Pure.</summary>
internal static class ContentField
{
    /// <summary>Returns the parts; none if the content is absent.</summary>
    public static IReadOnlyList<ContentPart> Read(Field content) =>
        content.IsAbsent ? []
        : content.IsText ? [new TextPart(content.ToText())]
        : [.. content.Items("a string or a list of parts").Select(Part)];

    /// <summary>Returns the text of all parts, where there can be nothing else.</summary>
    public static string ReadText(Field content)
    {
        IReadOnlyList<ContentPart> parts = Read(content);
        return parts.Any(static part => part is MediaPart)
            ? throw ApiException.Unsupported(content.Name, "has images or audio, which belong to a message of the user")
            : string.Concat(parts.OfType<TextPart>().Select(static part => part.Text));
    }

    private static ContentPart Part(Field part)
    {
        if (part.IsText)
        {
            return new TextPart(part.ToText());
        }

        Field type = part.Member("type");
        return (type.IsAbsent ? "text" : type.ToText()) switch
        {
            "text" or "input_text" or "output_text" or "summary_text" or "reasoning_text" => new TextPart(part.Member("text").ToText()),
            "refusal" => new TextPart(part.Member("refusal").ToText()),
            "image_url" or "input_image" when !part.Member("file_id").IsAbsent =>
                throw ApiException.Unsupported(part.Name, "refers to a stored file; this server stores none, so send a data: URI"),
            "image_url" or "input_image" => MediaField.ImageOfUri(part.Member("image_url")),
            "image" when part.Member("source") is { IsObject: true } source => MediaField.Source(source),
            "image" => MediaField.Image(
                part.Member("image") is { IsAbsent: false } image ? image : part.Member("data"), part.Member("mimeType")),
            "input_audio" or "audio" => MediaField.Audio(part.Member("input_audio") is { IsObject: true } audio ? audio : part),
            "audio_url" => MediaField.AudioOfUri(part.Member("audio_url")),
            "file" or "input_file" or "document" =>
                MediaField.File((part.Member("file") is { IsObject: true } file ? file : part).Member("file_data"))
                ?? throw ApiException.Unsupported(
                    part.Name, "is a file; this server reads text, images and audio, so send its text, or an image or audio as data: URI"),
            _ => throw type.Invalid("text"),
        };
    }
}
