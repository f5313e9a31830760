using System.Text.Json;
using Orchard.Media;
using Orchard.Validation;

namespace Orchard.Responses;

/// <summary>Reads and writes the content of messages with images and sound in OpenAI's JSON.</summary>
internal static class ResponseMediaShape
{
    /// <summary>Writes a content as a list of parts.</summary>
    public static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<ContentPart> content)
    {
        writer.WriteStartArray(name);
        foreach (ContentPart part in content)
        {
            writer.WriteStartObject();
            switch (part)
            {
                case TextPart text:
                    writer.WriteString("type", "input_text");
                    writer.WriteString("text", text.Text);
                    break;
                case ImagePart image:
                    writer.WriteString("type", "input_image");
                    writer.WriteString("image_url", MediaSource.ToDataUri(image.Data.Span, image.MediaType));
                    break;
                case AudioPart audio:
                    writer.WriteString("type", "input_audio");
                    writer.WriteStartObject("input_audio");
                    writer.WriteBase64String("data", audio.Data.Span);
                    writer.WriteString("format", MediaSource.AudioName(audio.MediaType));
                    writer.WriteEndObject();
                    break;
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads a part; null if it is of another type than images, sound and files.</summary>
    /// <param name="part">The part, which is an object.</param>
    /// <param name="type">Its type.</param>
    /// <param name="path">Where it is.</param>
    /// <exception cref="ArgumentException">The part cannot be used.</exception>
    public static MediaPart? Read(JsonElement part, string type, string path)
    {
        try
        {
            return type switch
            {
                "input_image" => ContentPart.ImageFromDataUri(Text(part, "image_url", path)),
                "input_audio" when part.TryGetProperty("input_audio", out JsonElement audio) && audio.ValueKind == JsonValueKind.Object =>
                    ReadAudio(audio, $"{path}.input_audio"),
                "input_file" when part.TryGetProperty("file_data", out JsonElement data) && data.ValueKind == JsonValueKind.String =>
                    OfFile(data.GetString()!),
                _ => null,
            };
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw Refuse($"{path} cannot be used: {e.Message.Split(" (Parameter ")[0].TrimEnd('.')}", e);
        }
    }

    private static AudioPart ReadAudio(JsonElement audio, string path) =>
        ContentPart.Audio(Bytes(audio, path), MediaSource.AudioType(Text(audio, "format", path)));

    private static MediaPart? OfFile(string uri) =>
        uri.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) ? ContentPart.ImageFromDataUri(uri)
        : uri.StartsWith("data:audio/", StringComparison.OrdinalIgnoreCase) ? ContentPart.AudioFromDataUri(uri)
        : null;

    private static string Text(JsonElement owner, string name, string path) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ArgumentException($"{path} has no text '{name}'");

    private static byte[] Bytes(JsonElement audio, string path) =>
        audio.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.String
        && data.TryGetBytesFromBase64(out byte[]? bytes)
            ? bytes
            : throw new ArgumentException($"{path}.data is not base64");

    private static ArgumentException Refuse(string problem, Exception cause) =>
        OptionRange.Refuse("json", $"The input cannot be read: {problem}.", cause);
}
