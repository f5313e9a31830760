using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Orchard.Extensions.AI;

/// <summary>
/// Converts the results of tools to the content of a message. Images and sound are parts of their own, with the note that
/// <see cref="ToolResultText"/> writes for models that do not see or hear. Pure.
/// </summary>
internal static class ToolResultContent
{
    /// <summary>Returns the content of a result; at least one part.</summary>
    public static IReadOnlyList<ContentPart> Of(FunctionResultContent result) =>
        ToolResultText.ContentsOf(result.Result) is { } contents && contents.Any(MediaMapping.IsMedia) ? Join(contents)
        : result.Result is JsonElement json && McpResult.TryRead(json) is { } envelope && envelope.Parts.Any(part => part.Media is not null)
            ? Join(envelope)
        : [new TextPart(ToolResultText.Of(result))];

    /// <summary>Returns contents, each text on lines of its own.</summary>
    public static IReadOnlyList<ContentPart> Join(IEnumerable<AIContent> contents)
    {
        var writer = new PartWriter();
        foreach (AIContent content in contents)
        {
            writer.Add(MediaMapping.Of(content, isRequired: false, readsFiles: false), ContentText.Of(content));
        }

        return writer.ToParts();
    }

    private static List<ContentPart> Join(McpResult envelope)
    {
        var writer = new PartWriter();
        writer.Add(null, envelope.IsError ? "Error:" : null);
        foreach (McpResult.Part part in envelope.Parts)
        {
            writer.Add(part.Media, part.Text ?? ToolResultText.ToJson(part.Json));
        }

        return writer.ToParts();
    }

    private sealed class PartWriter
    {
        private readonly List<ContentPart> _parts = [];

        public void Add(MediaPart? media, string? text)
        {
            if (media is not null)
            {
                _parts.Add(media);
            }
            else if (!string.IsNullOrEmpty(text))
            {
                _parts.Add(new TextPart(_parts is [.., TextPart] ? $"\n{text}" : text));
            }
        }

        public List<ContentPart> ToParts() => _parts.Count > 0 ? _parts : [new TextPart("")];
    }
}
