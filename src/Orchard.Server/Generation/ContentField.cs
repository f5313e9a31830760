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

    /// <summary>Returns the text of all parts.</summary>
    public static string ReadText(Field content) => string.Concat(Read(content).OfType<TextPart>().Select(static part => part.Text));

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
            "image_url" or "input_image" or "image" =>
                throw ApiException.Unsupported(part.Name, "is an image; this server reads text only"),
            "input_audio" or "audio" => throw ApiException.Unsupported(part.Name, "is audio; this server reads text only"),
            "file" or "input_file" or "document" =>
                throw ApiException.Unsupported(part.Name, "is a file; this server reads text only, so send its text"),
            _ => throw type.Invalid("text"),
        };
    }
}
